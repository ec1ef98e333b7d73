"""What a question and a passage are compared by: stems of English words, Chinese characters and their pairs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_LISTS = Path(__file__).parent / "wordlists"
_HAN = "㐀-䶿一-鿿豈-﫿"
_PIECES = re.compile(rf"[{_HAN}]+|[a-z]+(?:['’][a-z]+)?|[0-9]+")
_ENDINGS = (
    *(("ations", ""), ("ation", ""), ("ments", ""), ("ment", ""), ("ings", ""), ("ing", ""), ("ies", "y")),
    *(("ied", "y"), ("ers", ""), ("er", ""), ("ions", ""), ("ion", ""), ("ed", ""), ("es", ""), ("ly", ""), ("s", "")),
    *(("e", ""), ("y", "")),
)
_DOUBLED = re.compile(r"([bdfgklmnprt])\1$")
_GRAMS = (3, 4, 5)  # characters of a piece of an English word
_SHORTEST_STEM = 3
_SHORTEST = {"ies": 5, "ied": 5, "e": 4, "y": 4}  # so that cookies are not cooked, nor a care a car


def terms(text: str) -> list[str]:
    """Give the terms of a text, repeats included; words that say nothing are left out."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("’", "'")
    found: list[str] = []
    for match in _PIECES.finditer(plain):
        piece = match.group()
        if not piece.isascii():
            found.extend(_pairs(piece))
        elif piece not in _ignored_words():
            found.append(stem(piece))
    return found


def grams(text: str) -> list[str]:
    """Give the pieces of a text's terms: characters (3 to 5) of English ones, pairs of Chinese ones."""
    found: list[str] = []
    for term in terms(text):
        edged = f"<{term}>"
        if not term.isascii() or len(edged) <= _GRAMS[0]:
            found.append(term)
            continue
        found.extend(edged[start : start + size] for size in _GRAMS for start in range(len(edged) - size + 1))
    return found


def is_loose(term: str) -> bool:
    """Tell whether a pair of characters may be an accident of grammar: then it counts only where an article has it."""
    return not term.isascii() and not _function_characters().isdisjoint(term)


@cache
def stem(word: str) -> str:
    """Cut the commonest endings off an English word, so that `shipping`, `ships` and `shipped` meet."""
    before = ""
    while word != before and word[0].isalpha():
        before = word
        word = _shortened(word)
    return word


def _shortened(word: str) -> str:
    for ending, instead in _ENDINGS:
        kept = len(word) - len(ending)
        least = _SHORTEST.get(ending, _SHORTEST_STEM)
        if word.endswith(ending) and kept >= least and not word.endswith("ss"):
            word = word[:kept] + instead
            return word[:-1] if not instead and _DOUBLED.search(word) else word
    return word


def _pairs(piece: str) -> Iterator[str]:
    """Give the pairs of neighbouring characters, and the characters, between phrases that say nothing."""
    for run in _ignored_phrases().split(piece):
        yield from (character for character in run if character not in _function_characters())
        yield from (run[start : start + 2] for start in range(len(run) - 1))


@cache
def meanings() -> dict[str, frozenset[str]]:
    """Give, for each term, the terms by which customers mean the same."""
    found: dict[str, frozenset[str]] = {}
    for line in _lines("synonyms"):
        words = () if line.startswith("#") else line.split()
        alike = frozenset(term for word in words for term in terms(word) if len(term) > 1)
        for term in alike:
            found[term] = found.get(term, frozenset()) | alike - {term}
    return found


@cache
def _ignored_words() -> frozenset[str]:
    return frozenset(_lines("ignored_en"))


@cache
def _function_characters() -> frozenset[str]:
    return frozenset(_lines("function_zh"))


@cache
def _ignored_phrases() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(line) for line in sorted(_lines("ignored_zh"), key=len, reverse=True)))


def _lines(name: str) -> list[str]:
    return [line for line in (_LISTS / f"{name}.txt").read_text("utf-8").splitlines() if line]
