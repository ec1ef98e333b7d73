"""Words that mean the same in customer service, so that a word no example has is still understood."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("concepts.yml")
_HAN = re.compile("[\u3400-\u9fff]")
_ENDING = r"(?:l?(?:ed|ing|er|ers)|s|es|d)?"  # British "cancelled", too


def concepts_of(text: str) -> list[str]:
    """Give the concepts that a normalised text names, each once, in the order of the list.

    >>> concepts_of("has my parcel been dispatched")
    ['parcel', 'delivery']
    """
    return [name for name, pattern in _patterns() if pattern.search(text)]


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    lexicon: dict[str, list[str]] = yaml.safe_load(_FILE.read_text("utf-8"))
    return [(name, _pattern(words)) for name, words in lexicon.items()]


def _pattern(words: list[str]) -> re.Pattern[str]:
    han = [re.escape(word) for word in words if _HAN.search(word)]
    latin = [
        re.escape(word.removesuffix("e")) + ("e?" if word.endswith("e") else "") for word in words if word not in han
    ]
    return re.compile("|".join([*han, rf"(?<![a-z])(?:{'|'.join(latin)}){_ENDING}(?![a-z])"]))
