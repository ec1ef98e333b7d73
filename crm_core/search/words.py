"""What a text is found by: its words of Latin letters, its numbers, and the pairs of its Han characters.

Everything is compared in one spelling: half width, lower case, simplified characters. Each character is brought to it
by itself, so that it stays known where in the text it stood.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

LONGEST = 8000  # characters of one message that are searched
_HAN = "㐀-䶿一-鿿豈-﫿"
_IS_HAN = re.compile(f"[{_HAN}]")
_PIECES = re.compile(rf"[{_HAN}]+|[0-9]+|[^\W\d_{_HAN}]+")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in the one spelling, with the place that each of its characters had."""

    text: str
    places: tuple[int, ...]  # in the text as it was written

    def where(self, start: int, end: int) -> tuple[int, int]:
        """Give where a stretch of the folded text stands in the text as it was written."""
        return self.places[start], self.places[end - 1] + 1


def fold(text: str) -> Folded:
    """Bring a text to the one spelling."""
    spelled: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text[:LONGEST]):
        one = character.lower() if character.isascii() else _spelling(character)
        spelled.append(one)
        places.extend([place] * len(one))
    return Folded("".join(spelled), tuple(places))


def pieces(folded: str) -> list[tuple[int, int]]:
    """Give where the words, the numbers and the runs of Han characters of a folded text stand."""
    return [match.span() for match in _PIECES.finditer(folded)]


def words(text: str) -> set[str]:
    """Give what a text is found by."""
    folded = fold(text).text
    return {word for start, end in pieces(folded) for word in words_of(folded[start:end])}


def words_of(piece: str) -> list[str]:
    """Give what one piece is found by: itself, or its pairs of characters; a lone character finds nothing."""
    if not is_han(piece):
        return [piece]
    return [piece[start : start + 2] for start in range(len(piece) - 1)]


def is_han(piece: str) -> bool:
    """Tell whether a piece is a run of Han characters."""
    return _IS_HAN.match(piece) is not None


@lru_cache(maxsize=8192)
def _spelling(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character).lower()
    return str(_simplifier().convert(plain)) if _IS_HAN.search(plain) else plain


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC  # its lists take a moment to read, and few processes search

    return OpenCC("t2s")
