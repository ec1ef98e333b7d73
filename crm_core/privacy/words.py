"""The words by which personal values are told from others, from `words.yml` beside this file."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def _all() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("words.yml").read_text("utf-8"))
    return found


def words(name: str) -> frozenset[str]:
    """Give a list of words."""
    found = _all()[name]
    lines = found if isinstance(found, list) else [found]
    return frozenset(word for line in lines for word in line.split())


def characters(name: str) -> str:
    """Give a list of single Han characters, as the inside of a regular expression's class."""
    return "".join(dict.fromkeys(re.sub(r"\s", "", _all()[name])))


def any_of(name: str) -> str:
    """Give a regular expression for any word of a list, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words(name), key=len, reverse=True))


def by_head(name: str) -> dict[str, frozenset[str]]:
    """Give lists that stand behind a head and a colon, by their heads."""
    split = (line.split(":", 1) for line in _all()[name])
    return {head: frozenset(rest.split()) for head, rest in split}
