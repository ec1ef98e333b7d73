"""People's names in one spelling: Chinese ones also in pinyin, words in whichever order they were written."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from opencc import OpenCC
from pypinyin import Style, lazy_pinyin

_COMPOUND_SURNAMES = Path(__file__).parent / "wordlists" / "compound_surnames.txt"
_WITHIN_WORDS = str.maketrans("", "", "'’-")
_LONGEST = 80  # characters; what is longer is no name


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared.

    Attributes:
        han: The Chinese characters, simplified; empty for a name in Latin letters.
        words: In lower case without accents, as written; of a Chinese name the family name and the given name in
            pinyin.
        key: The words sorted: the same for "Wang Xiaoming", "Xiaoming Wang" and the name in characters.
    """

    han: str
    words: tuple[str, ...]
    key: str


NOBODY = Name("", (), "")


@lru_cache(maxsize=65536)
def read(text: str | None) -> Name:
    """Read a name.

    Args:
        text: As somebody wrote it; emoji, signs and digits count for nothing.

    Returns:
        The name, or `NOBODY` when nothing in it is a name.
    """
    folded = unicodedata.normalize("NFKC", text or "")[:_LONGEST]
    han = "".join(character for character in folded if _is_han(character))
    if han:
        return _chinese(_simplified().convert(han))
    bare = "".join(c for c in unicodedata.normalize("NFKD", folded.casefold()) if not unicodedata.combining(c))
    bare = bare.translate(_WITHIN_WORDS)
    words = tuple("".join(c if c.isalpha() else " " for c in bare).split())
    return Name("", words, " ".join(sorted(words))) if words else NOBODY


def _chinese(han: str) -> Name:
    """Read a name in characters: first the family name, of two characters where it is a known compound."""
    cut = 2 if len(han) > 2 and han[:2] in _compound_surnames() else 1
    parts = (_spelled(han[:cut]), *((_spelled(han[cut:]),) if len(han) > cut else ()))
    return Name(han, parts, " ".join(sorted(parts)))


def _spelled(han: str) -> str:
    return "".join(chain.from_iterable(_syllable(character) for character in han))


@lru_cache(maxsize=32768)
def _syllable(character: str) -> tuple[str, ...]:
    """Give a character's most common reading, v for ü."""
    return tuple(lazy_pinyin(character, style=Style.NORMAL, v_to_u=False))


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or "\U00020000" <= character <= "\U0003134f"


@cache
def _simplified() -> OpenCC:
    return OpenCC("t2s")


@cache
def _compound_surnames() -> frozenset[str]:
    lines = _COMPOUND_SURNAMES.read_text("utf-8").splitlines()
    return frozenset(chain.from_iterable(line.split() for line in lines if not line.startswith("#")))
