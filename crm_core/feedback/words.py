"""What a text is taken apart into, the same for both languages and for texts that mix them.

Chinese: single characters and pairs, with marks where a run of characters begins and ends (no word segmentation).
English: words, pairs of words and the pieces of 2 to 4 letters within a word, so that a misspelt word still counts.
Both: runs of punctuation by their length, and how long the text is.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

LONGEST = 1200  # characters read of one text: what decides is said before, and reading stays fast
_HAN = "㐀-䶿一-鿿豈-﫿"
_PIECES = re.compile(rf"[{_HAN}]+|[a-z]+(?:'[a-z]+)*|[0-9]+|([^\w\s])\1*")
_LINK = re.compile(r"https?://\S+")
_ACCOUNT = re.compile(r"@\w+")
_IS_HAN = re.compile(f"[{_HAN}]")
_PART = "#"  # begins a piece of an English word
_WORD = "_"  # begins an English word, number or punctuation


def features(text: str) -> list[str]:
    """Give every feature of a text, repeats included."""
    clean = _ACCOUNT.sub("@", _LINK.sub("http", normalise(text)))
    found: list[str] = []
    pieces = [match.group() for match in _PIECES.finditer(clean)]
    names = [_name(piece) for piece in pieces]
    for piece in pieces:
        found.extend(_within(piece))
    found.extend(f"{_WORD}{name}" for name in names if name)
    found.extend(f"{_WORD}{left}{_WORD}{right}" for left, right in pairwise(names))
    found.append(f"length{min(int(math.log2(len(clean) + 1) * 1.5), 14)}")
    return found


def normalise(text: str) -> str:
    """Give a text in half-width, lower-case, simplified characters, cut to what is read."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return str(_simplifier().convert(plain)) if _IS_HAN.search(plain) else plain


def shown(feature: str) -> str | None:
    """Give a feature as a person would write it, or None for one that says nothing to a person."""
    if feature.startswith(_WORD):
        words = [word for word in feature.split(_WORD) if word]
        return " ".join(words) if words and all(word[0].isalpha() for word in words) else None
    text = feature.strip("^$")
    return text if len(text) > 1 and _IS_HAN.search(text) else None


def _within(piece: str) -> Iterator[str]:
    if _IS_HAN.match(piece):
        marked = f"^{piece}$"
        yield from marked
        yield from (marked[start : start + 2] for start in range(len(marked) - 1))
    elif piece[0].isalpha():
        padded = f" {piece} "
        for length in (2, 3, 4):
            yield from (f"{_PART}{padded[start : start + length]}" for start in range(len(padded) - length + 1))


def _name(piece: str) -> str:
    """Name a piece as a member of pairs: words by themselves, the rest by kind and length; Han runs have no name."""
    if _IS_HAN.match(piece):
        return ""
    if piece.isdigit():
        return "0" * min(len(piece), 4)
    if piece[0].isalpha():
        return piece
    return f"{piece[0]}{len(piece) if len(piece) < 4 else 4 if len(piece) < 8 else 8}"


@cache
def _simplifier() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
