"""Whether a message is angry: told by its words and by shouting, so that the whole conversation can take notice.

Word lists (`anger.yml`) and not a model: they cost a fraction of a millisecond in every turn, the words that decided
can be shown, and asking the feedback model would cost a call of the action server.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

ANGRY = 2
"""Weight from which a message is angry."""

_FILE = Path(__file__).with_name("anger.yml")
_HAN = re.compile("[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_CAPITALS = 4  # words; fewer may be a name or an order number
_MOSTLY = 0.7


@dataclass(frozen=True)
class _Signs:
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    shouting: re.Pattern[str]
    none: re.Pattern[str]


def signs_of_anger(text: str) -> list[str]:
    """Give what shows that a message is angry, empty where it is not.

    >>> signs_of_anger("this is RIDICULOUS, where is my parcel")
    ['ridiculous']
    >>> signs_of_anger("still no parcel")
    []
    """
    known = _signs()
    plain = known.none.sub(" ", text.replace("’", "'").lower())
    strong, weak = _found(known.strong, plain), _found(known.weak, plain)
    shouting = [sign for sign, heard in (("!", known.shouting.search(text)), ("CAPITALS", _in_capitals(text))) if heard]
    weight = ANGRY * len(strong) + len(weak) + len(shouting)
    return [*strong, *weak, *shouting] if weight >= ANGRY else []


def _found(pattern: re.Pattern[str], text: str) -> list[str]:
    return list(dict.fromkeys(found.group() for found in pattern.finditer(text)))


def _in_capitals(text: str) -> bool:
    words = _WORD.findall(text)
    loud = [word for word in words if word.isupper()]
    return len(loud) >= _CAPITALS and len(loud) >= _MOSTLY * len(words)


@cache
def _signs() -> _Signs:
    lists = yaml.safe_load(_FILE.read_text("utf-8"))
    return _Signs(
        _any_of(lists["enough"]), _any_of(lists["half"]), re.compile(lists["shouting"]), _any_of(lists["not"])
    )


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    han = [word for word in words if _HAN.search(word)]
    latin = [word for word in words if not _HAN.search(word)]
    return re.compile("|".join([*han, rf"(?<![a-z0-9'-])(?:{'|'.join(latin)})(?![a-z0-9-])"]))
