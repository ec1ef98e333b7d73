"""Whether other words for a passage still say only what the passage says.

A language model may put a passage into the words of the question. It may not add to it: every number, day, sum, link,
name and promise of its answer has to stand in the passage, it may not turn a "not" around, and it has to be about as
short and in the same language. Whatever is doubtful is refused; the passage is quoted then, which is never wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from crm_core.knowledge.terms import meanings, stem, terms
from crm_core.language import detect_language

_LISTS = Path(__file__).parent / "wordlists"
_LONGER, _SPARE = 1.2, 40  # an answer is at most so much longer than the passage, and so many characters
_NEW = 0.4  # share of its terms that an answer may have from elsewhere than passage and question
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*%?")
_HAN_NUMBER = re.compile(
    r"[〇零一二两三四五六七八九十百千万亿半]+(?=个?(?:天|日|周|星期|月|年|小时|分钟|元|块|折|倍|件|次|成|%))"
)
_LINK = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|\b[\w-]+\.(?:com|cn|net|org|shop|io)\b", re.IGNORECASE
)
_CURRENCY = re.compile(r"[$€£¥￥₩₹]")
_WORD = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)?")
_NAMED = re.compile(
    r"[㐀-鿿]{2,6}(?:公司|集团|快递|速运|银行|先生|女士|小姐|经理|商场|大厦|路|街|市|省|县)|[《“「][^》”」]+[》”」]"
)
_CLAUSE = re.compile(r"[.!?。！？\n;；,，]|\bbut\b", re.IGNORECASE)
_ALIKE = 0.5  # share of its terms from which a clause says the same as another, or the opposite
_SENTENCE = re.compile(r"(?<=[.!?。！？\n])\s*")
_NOT = re.compile(
    r"\b(?:not|no|never|without|cannot|nor|none|neither|except)\b|n't\b|[不没無无未勿]|并非|非(?!常)|除外",
    re.IGNORECASE,
)


def refusal(passage: str, answer: str, question: str, language: str) -> str | None:
    """Tell why an answer may not be given for a passage.

    Args:
        passage: What the article says.
        answer: The passage in other words.
        question: What was asked; its words may come up again, its numbers and names may not.
        language: The language of the conversation.

    Returns:
        `empty`, `too_long`, `language`, `link`, `number`, `sum`, `promise`, `name`, `negation` or `invented`; None for
        an answer that keeps to the passage.
    """
    plain, said = _plain(passage), _plain(answer)
    if not said:
        return "empty"
    if len(said) > len(plain) * _LONGER + _SPARE:
        return "too_long"
    if detect_language(said, language) != detect_language(plain, language):
        return "language"
    checks: dict[str, Callable[[str], set[str]]] = {
        "link": lambda text: set(_LINK.findall(text.lower())),
        "number": _numbers,
        "sum": lambda text: set(_CURRENCY.findall(text)),
        "promise": _promises,
    }
    for reason, found in checks.items():
        if found(said) - found(plain):
            return reason
    if _new_names(plain, said):
        return "name"
    if _turned_around(plain, said):
        return "negation"
    return "invented" if _new_share(plain, said, question) > _NEW else None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace("’", "'").strip()


def _numbers(text: str) -> set[str]:
    digits = {number.replace(",", "").rstrip(".") for number in _NUMBER.findall(text)}
    words = {word for word in _words(text) if word in _listed("numbers_en")}
    return digits | words | set(_HAN_NUMBER.findall(text))


def _promises(text: str) -> set[str]:
    """Give the words of promise, and of time, that a text holds; English ones whatever their ending."""
    stems, lower = {stem(word) for word in _words(text)}, text.lower()
    english = {word for word in _listed("promises_en") if (word in lower if " " in word else stem(word) in stems)}
    return english | {word for word in _listed("promises_zh") if word in text}


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _new_names(passage: str, answer: str) -> bool:
    """Tell whether the answer names anybody or anything that the passage does not."""
    known = set(_words(passage))
    for sentence in _sentences(answer):
        for place, match in enumerate(_WORD.finditer(sentence)):
            word = match.group()
            if word.islower() or word.lower() in known or word == "I":
                continue
            opens = place == 0 and word[1:].islower()
            if not (opens and word.lower() in _listed("openers_en")):
                return True
    foreign = detect_language(answer, "en") == "zh" and not set(_words(answer)) <= known
    return foreign or any(name not in passage for name in _NAMED.findall(answer))


def _turned_around(passage: str, answer: str) -> bool:
    """Tell whether a clause denies what the passage's most alike clauses all do not, or the reverse."""
    sources = [(set(terms(clause)), bool(_NOT.search(clause))) for clause in _CLAUSE.split(passage)]
    for clause in _CLAUSE.split(answer):
        here, denies = set(terms(clause)), bool(_NOT.search(clause))
        shared = max((len(here & there) for there, _ in sources), default=0)
        if here and shared >= _ALIKE * len(here):
            alike = [denied for there, denied in sources if len(here & there) == shared]
            if denies not in alike:
                return True
    return False


def _new_share(passage: str, answer: str, question: str) -> float:
    said = set(terms(answer))
    known = set(terms(passage)) | set(terms(question))
    new = {term for term in said - known if not meanings().get(term, frozenset()) & known}
    return len(new) / len(said) if said else 0.0


def _sentences(text: str) -> Iterator[str]:
    return (sentence for sentence in _SENTENCE.split(text) if sentence.strip())


@cache
def _listed(name: str) -> frozenset[str]:
    lines = (_LISTS / f"{name}.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
