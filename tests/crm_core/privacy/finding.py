"""Labelled sentences, and how well personal values are found in them.

A sentence per line; a value is written `<kind:value>`. A value counts as found when every letter and digit of it is in
found values of its kind, and what is found counts as right when four fifths of its letters and digits are of such ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from crm_core.privacy.personal_data import find_personal_data
from crm_core.records.personal_data import Found, Kind

FOLDER = Path(__file__).with_name("labelled")
_LABEL = re.compile(rf"<({'|'.join(Kind)}):([^>]*)>")
_RIGHT = 0.8


@dataclass(frozen=True)
class Sentence:
    """One labelled sentence."""

    text: str
    labels: tuple[Found, ...]


@dataclass
class Score:
    """What was found of what is there."""

    found: int = 0
    there: int = 0
    right: int = 0
    given: int = 0
    mistakes: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Of the values, the part that was found."""
        return self.found / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        """Of what was found, the part that is right."""
        return self.right / self.given if self.given else 1.0


def sentences(*names: str) -> Iterator[Sentence]:
    """Read labelled files: `development.en`, `held_out.zh` …"""
    for name in names:
        for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
            yield _read(line)


def _read(line: str) -> Sentence:
    text, labels, end = "", [], 0
    for label in _LABEL.finditer(line):
        text += line[end : label.start()]
        labels.append(Found(Kind(label[1]), len(text), len(text) + len(label[2])))
        text, end = text + label[2], label.end()
    return Sentence(text + line[end:], tuple(labels))


def score(given: Iterable[Sentence], kind: Kind | None = None) -> Score:
    """Compare what is found with the labels, of one kind or all."""
    total = Score()
    for sentence in given:
        there = [label for label in sentence.labels if kind in {None, label.kind}]
        found = [each for each in find_personal_data(sentence.text) if kind in {None, each.kind}]
        missed = [label for label in there if not _covered(label, found, sentence.text, 1.0)]
        wrong = [each for each in found if not _covered(each, there, sentence.text, _RIGHT)]
        total.there += len(there)
        total.found += len(there) - len(missed)
        total.given += len(found)
        total.right += len(found) - len(wrong)
        said = [("missed", each) for each in missed] + [("wrong", each) for each in wrong]
        total.mistakes += [
            f"{why} {one.kind}: {sentence.text[one.start : one.end]!r} in {sentence.text!r}" for why, one in said
        ]
    return total


def _covered(one: Found, by: Iterable[Found], text: str, share: float) -> bool:
    inside = {place for other in by if other.kind == one.kind for place in range(other.start, other.end)}
    telling = [place for place in range(one.start, one.end) if text[place].isalnum()]
    return sum(place in inside for place in telling) >= share * len(telling)
