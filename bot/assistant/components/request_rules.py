"""What tells requests apart: the words and pairs of `requests.yml`, compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import yaml

HAN = "\u3400-\u9fff"
_FILE = Path(__file__).with_name("requests.yml")


@dataclass(frozen=True)
class Beside:
    """What an intent means beside some others; `words`: only where one of them is said."""

    said: str
    others: frozenset[str]
    means: str
    words: re.Pattern[str]


@dataclass(frozen=True)
class Rules:
    """The content of `requests.yml`, compiled."""

    questions: frozenset[str]
    tasks: Mapping[str, str | None]
    answers: frozenset[str]
    one_wish: tuple[tuple[str, ...], ...]
    reasons: Mapping[str, re.Pattern[str]]
    beside: tuple[Beside, ...]
    borders: re.Pattern[str]
    openers: re.Pattern[str]
    dangling: re.Pattern[str]
    fillers: re.Pattern[str]
    asking: re.Pattern[str]
    announcing: re.Pattern[str]
    pronouns: re.Pattern[str]

    @property
    def counted(self) -> frozenset[str]:
        """What a part may ask for, or answer."""
        return self.questions | self.answers | self.tasks.keys()


@cache
def rules() -> Rules:
    """Read `requests.yml`, once."""
    data = yaml.safe_load(_FILE.read_text("utf-8"))
    signs = "".join(re.escape(sign) for sign in data["signs"] + data["soft_signs"])
    connectors = _words(chain(*data["connectors"]))
    border = rf"[{signs}]|{connectors}|(?<=[{HAN}])\s+(?=[{HAN}])"
    return Rules(
        questions=frozenset(data["questions"]),
        tasks=data["tasks"],
        answers=frozenset(data["answers"]),
        one_wish=tuple(tuple(wish) for wish in data["one_wish"]),
        reasons={name: re.compile(_words(words), re.IGNORECASE) for name, words in data["reasons"].items()},
        beside=tuple(
            Beside(row["said"], frozenset(row["with"]), row["means"], re.compile(_words(row.get("words", ()))))
            for row in data["beside"]
        ),
        borders=re.compile(rf"(?:{border}|\s)*(?:{border})\s*", re.IGNORECASE),
        openers=re.compile(_words(chain(*data["openers"])), re.IGNORECASE),
        asking=re.compile(_words(data["asking"]), re.IGNORECASE),
        announcing=re.compile(rf"(?:{_words(data['announcing'])})[\s,，:：]*$", re.IGNORECASE),
        pronouns=re.compile(_words(data["pronouns"]), re.IGNORECASE),
        fillers=re.compile(_words(data["fillers"]), re.IGNORECASE),
        dangling=re.compile(rf"(?:{_words(data['dangling'])})\s*$", re.IGNORECASE),
    )


def _words(words: Iterable[str]) -> str:
    """Give a pattern for any of some words; Latin ones must stand by themselves."""
    ordered = sorted(words, key=len, reverse=True)
    han = [word for word in ordered if re.search(f"[{HAN}]", word)]
    latin = [word for word in ordered if word not in han and word[0].isalpha()]
    signs = [word for word in ordered if word not in han and word not in latin]
    alone = rf"(?<![A-Za-z0-9'’@.+-])(?:{'|'.join(latin)})(?![A-Za-z0-9'’@+-])" if latin else ""
    return "|".join(filter(None, [*han, alone, *signs]))
