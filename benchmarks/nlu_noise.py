"""What people do to a text: typing errors, capitals, other characters, politeness, words of another language.

Every change is drawn from a generator seeded by the text and the kind of noise, so that each run and each classifier
meets the same texts. A letter is spoilt about once in twelve letters, and at least once a text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import opencc
import yaml

SEED = 20261122
_LETTERS_PER_ERROR = 12
_LETTER = re.compile(r"[^\W\d_]")


def noisy(text: str, kind: str) -> str:
    """Give the text with one kind of noise on it; the same each time.

    >>> noisy("where is my order", "upper_case")
    'WHERE IS MY ORDER'
    """
    return _NOISES[kind](text, random.Random(f"{SEED}:{kind}:{text}"))


def _spoilt(change: Callable[[str, int, random.Random], str]) -> Callable[[str, random.Random], str]:
    """Make a noise of a change at one place: as many places as the text's length asks for, from its end on."""

    def spoil(text: str, draw: random.Random) -> str:
        places = [found.start() for found in _LETTER.finditer(text)]
        errors = min(len(places), max(1, round(len(places) / _LETTERS_PER_ERROR)))
        for place in sorted(draw.sample(places, errors), reverse=True):
            text = change(text, place, draw)
        return text

    return spoil


def _swap(text: str, place: int, draw: random.Random) -> str:
    """Swap a letter with its neighbour in the word: the next one, or the one before at a word's end."""
    other = place + 1 if _LETTER.match(text, place + 1) else place - 1
    if other < 0 or not _LETTER.match(text, other):
        return text
    first, second = sorted((place, other))
    return text[:first] + text[second] + text[first] + text[second + 1 :]


def _drop(text: str, place: int, draw: random.Random) -> str:
    return text[:place] + text[place + 1 :]


def _double(text: str, place: int, draw: random.Random) -> str:
    return text[: place + 1] + text[place:]


def _neighbour_key(text: str, place: int, draw: random.Random) -> str:
    around = _neighbours().get(text[place].lower())
    return text[:place] + draw.choice(around) + text[place + 1 :] if around else text


def _missing_spaces(text: str, draw: random.Random) -> str:
    """Leave out a third of the spaces, at least one."""
    places = [place for place, letter in enumerate(text) if letter == " "]
    gone = set(draw.sample(places, max(1, len(places) // 3))) if places else set()
    return "".join(letter for place, letter in enumerate(text) if place not in gone)


def _upper_case(text: str, draw: random.Random) -> str:
    return text.upper()


def _traditional(text: str, draw: random.Random) -> str:
    return str(_converter().convert(text))


def _padded(language: str) -> Callable[[str, random.Random], str]:
    return lambda text, draw: draw.choice(_words()["padding"][language]).format(text)


def _english_with_chinese(text: str, draw: random.Random) -> str:
    switched = _words()["switched"]["en"]
    return re.sub(r"[A-Za-z]+", lambda found: switched.get(found[0].lower(), found[0]), text)


def _chinese_with_english(text: str, draw: random.Random) -> str:
    for chinese, english in _words()["switched"]["zh"].items():
        text = text.replace(chinese, english)
    return text


@cache
def _words() -> dict[str, Any]:
    return dict(yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8")))


@cache
def _neighbours() -> dict[str, str]:
    """Give the letters beside and above or below each key."""
    rows = _words()["keys"]
    at = {letter: (row, column) for row, letters in enumerate(rows) for column, letter in enumerate(letters)}
    return {
        letter: "".join(
            other
            for other, (its_row, its_column) in at.items()
            if other != letter and abs(row - its_row) <= 1 and abs(column - its_column) <= 1
        )
        for letter, (row, column) in at.items()
    }


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")


_ERRORS = {"letters_swapped": _spoilt(_swap), "letter_dropped": _spoilt(_drop), "letter_doubled": _spoilt(_double)}
_ENGLISH = {
    **_ERRORS,
    "neighbour_key": _spoilt(_neighbour_key),
    "missing_spaces": _missing_spaces,
    "upper_case": _upper_case,
    "padded_en": _padded("en"),
    "switched_en": _english_with_chinese,
}
_CHINESE = {
    **_ERRORS,
    "traditional": _traditional,
    "padded_zh": _padded("zh"),
    "switched_zh": _chinese_with_english,
}
_NOISES: dict[str, Callable[[str, random.Random], str]] = {**_ENGLISH, **_CHINESE}
KINDS = {"en": tuple(_ENGLISH), "zh": tuple(_CHINESE)}
