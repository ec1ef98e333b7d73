"""Words that mean the same in one trade, so that a word no example has is still understood."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

import yaml

from bot.assistant.components.training_memory import once

_HAN = re.compile("[\u3400-\u9fff]")
_ENDING = r"(?:l?(?:ed|ing|er|ers)|s|es|d)?"  # British "cancelled", too


class Concepts:
    """A list of concepts with the words of each, in any language.

    Args:
        lexicon: For each concept its words; Latin ones match with their endings.
    """

    def __init__(self, lexicon: Mapping[str, Sequence[str]]) -> None:
        self.lexicon = {name: list(words) for name, words in lexicon.items()}
        self._patterns = [(name, _pattern(words)) for name, words in self.lexicon.items()]

    @classmethod
    def read(cls, path: Path) -> Concepts:
        """Read a YAML file of lists."""
        return cls(yaml.safe_load(path.read_text("utf-8")))

    def of(self, text: str) -> list[str]:
        """Give the concepts that a normalised text names, each once, in the order of the list.

        >>> Concepts({"parcel": ["parcel", "包裹"], "delivery": ["dispatch"]}).of("has my parcel been dispatched")
        ['parcel', 'delivery']
        """
        return [name for name, pattern in self._patterns if pattern.search(text)]

    def pairs(self, text: str) -> list[str]:
        """Give the concepts of a normalised text, and each two that stand together in it."""
        found = once(self.of, text)
        return [*found, *(f"{first}+{second}" for first, second in combinations(found, 2))]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    han = [re.escape(word) for word in words if _HAN.search(word)]
    latin = [
        re.escape(word.removesuffix("e")) + ("e?" if word.endswith("e") else "") for word in words if word not in han
    ]
    both = [*han, *([rf"(?<![a-z])(?:{'|'.join(latin)}){_ENDING}(?![a-z])"] if latin else [])]
    return re.compile("|".join(both))
