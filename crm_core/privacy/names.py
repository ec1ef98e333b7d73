"""Names of people in running text, by the title before or behind them and by how people introduce themselves.

spaCy's token rules for English, where a name is a word with a capital; characters for Chinese, where it is a surname
and one or two characters more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from crm_core.privacy.words import any_of, by_head, characters, words
from crm_core.records.personal_data import Found, Kind

_HAN = "㐀-䶿一-鿿"
_CAPITAL = {"TEXT": {"REGEX": r"^[A-ZÀ-Þ][\w’'-]*[a-zà-ÿ][\w’'-]*$"}, "LOWER": {"NOT_IN": []}}
_BLANK = {"IS_SPACE": True, "OP": "*"}
_MOST = 3  # words of a name
_IN_FULL = frozenset({"miss", "professor"})


def find_names(document: Doc) -> Iterator[Found]:
    """Give names of people.

    Args:
        document: Its tokens are words of Latin letters, numbers, single marks and single Han characters.
    """
    for rule, start, end in _matcher(document.vocab)(document):
        found = document[start:end]
        behind = document[end:].text.strip(" ")
        if document.vocab.strings[rule] == "SIGNED" and behind.strip(".!\n"):
            continue  # more follows: no signature
        if document.vocab.strings[rule] == "HERE" and behind[:1].isalpha():
            continue  # `here` begins what follows
        yield from _capitals(found, first=document.vocab.strings[rule] in {"SIGNED", "HERE"})
    yield from _in_chinese(document.text)


def _capitals(found: Any, *, first: bool) -> Iterator[Found]:
    """Give the name in a match: its last words with a capital; `first`: in spite of words like `here` behind."""
    tokens = [token for token in found if not token.is_space]
    while tokens and first and not _is_name(tokens[-1]):
        tokens.pop()
    last = len(tokens)
    begin = last
    while begin and _is_name(tokens[begin - 1]):
        begin -= 1
    if begin == last:
        return
    head = (
        tokens[begin - 1].lower_
        if begin and tokens[begin - 1].text != "."
        else tokens[begin - 2].lower_
        if begin > 1
        else ""
    )
    if tokens[begin].lower_ in by_head("brands_en").get(head, ()):
        return
    yield Found(Kind.NAME, tokens[begin].idx, tokens[last - 1].idx + len(tokens[last - 1]))


def _is_name(token: Any) -> bool:
    text = token.text
    return (
        text[0].isupper()
        and any(letter.islower() for letter in text)
        and token.lower_ not in words("no_names_en")
        and token.lower_ not in words("titles_en")
    )


@cache
def _matcher(vocab: Vocab) -> Matcher:
    """Make the token rules; each matches up to the end of the name."""
    name = {**_CAPITAL, "LOWER": {"NOT_IN": sorted(words("no_names_en") | words("titles_en"))}}
    more = [part for _ in range(_MOST - 1) for part in (_BLANK, {**name, "OP": "?"})]

    def said(*each: str) -> list[dict[str, Any]]:
        spread: list[dict[str, Any]] = []
        for word in each:
            spread += [{"LOWER": {"IN": word.split("|")}}, _BLANK]
        return spread

    colon = {"TEXT": {"IN": [":", "："]}}
    matcher = Matcher(vocab)
    short = sorted(title for title in words("titles_en") if title not in _IN_FULL)
    in_full = sorted(title.title() for title in _IN_FULL)
    titles = [
        [{"LOWER": {"IN": short}}, {"TEXT": ".", "OP": "?"}, _BLANK, name, *more],
        [{"TEXT": {"IN": in_full}}, _BLANK, name, *more],  # in small letters they are ordinary words
    ]
    matcher.add("TITLE", titles, greedy="LONGEST")
    introductions = [
        *([*said("my", "name", "is"), name, *more], [*said("name's"), name, *more]),
        [*said("name", "on", "the|my", "order|card|account|invoice|parcel", "is"), name, *more],
        [*said("name", "on", "the|my", "order|card|account|invoice|parcel"), colon, _BLANK, name, *more],
        [*said("passport", "name", "is"), name, *more],
        [*said("under|in", "the", "name"), {"LOWER": "of", "OP": "?"}, _BLANK, name, *more],
        [*said("name|recipient|to|attn|attention|consignee|contact|holder|customer"), colon, _BLANK, name, *more],
        [*said("i'm|i’m"), name, _BLANK, name, _BLANK, {**name, "OP": "?"}],
        [*said("i", "am"), name, _BLANK, name, _BLANK, {**name, "OP": "?"}],
        [*said("this", "is"), name, _BLANK, name, _BLANK, {**name, "OP": "?"}],
    ]
    matcher.add("INTRODUCED", introductions, greedy="LONGEST")
    signed = said("regards|sincerely|cheers|thanks|yours|faithfully")
    matcher.add("SIGNED", [[*signed, {"TEXT": ","}, _BLANK, name, *more]], greedy="LONGEST")
    matcher.add("HERE", [[name, _BLANK, name, _BLANK, {"LOWER": {"IN": ["here", "speaking"]}}]], greedy="LONGEST")
    return matcher


def _in_chinese(text: str) -> Iterator[Found]:
    if not re.search(rf"[{_HAN}]", text):
        return
    titled, strong, weak, brands = _chinese()
    no_surnames = frozenset(characters("no_surnames_zh"))
    for found in titled.finditer(text):
        start = _begin(text, found.start(), no_surnames)
        if start < found.start() and not brands.match(text, start):
            yield Found(Kind.NAME, start, found.end())
    for pattern in (strong, weak):
        for found in pattern.finditer(text):
            if found["name"][:2] not in words("no_names_zh"):
                yield Found(Kind.NAME, *found.span("name"))


def _begin(text: str, end: int, no_surnames: frozenset[str]) -> int:
    """Give where the surname before a title begins; `end` where there is none.

    The surname alone comes first (a title stands behind one far more often than behind a whole name), but an ordinary
    word that may be one does not count.
    """
    compounds = words("compound_surnames_zh")
    surnames = frozenset(characters("surnames_zh"))
    for given in (0, 1, 2):
        if text[max(0, end - given - 2) : end - given] in compounds:
            return end - given - 2
    for given in (0, 1, 2):
        at = end - given - 1
        inside = text[at + 1 : end]
        if at >= 0 and text[at] in surnames - no_surnames and re.fullmatch(rf"[{_HAN}]*", inside):
            return at
    return end


@cache
def _chinese() -> tuple[re.Pattern[str], ...]:
    surname = f"(?:{any_of('compound_surnames_zh')}|[{characters('surnames_zh')}])"
    name = rf"(?P<name>{surname}[{_HAN}]{{1,2}}?)"
    stops = characters("stops_zh")
    total, titles = characters("after_total_zh"), words("titles_zh") - {"总"}
    end = rf"(?=[^{_HAN}]|$|[{stops}])"
    titled = re.compile(rf"(?:{'|'.join(titles)})(?![姐太])|总(?![{total}])(?=[{_HAN}，。！,.!?？]|$)")
    strong = re.compile(rf"(?:{any_of('strong_introductions_zh')})(?:叫|是|为)?\s*[:：]?\s*{name}{end}")
    weak = re.compile(rf"(?:{any_of('weak_introductions_zh')})\s*{name}(?=[^{_HAN}]|$)")
    return titled, strong, weak, re.compile(any_of("brands_zh"))
