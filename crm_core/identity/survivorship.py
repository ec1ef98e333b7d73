"""Which of several values a person has: the golden record, each value with where it comes from and by which rule.

The rules, in this order: what was shown to be true, what was told last, what the fuller record tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Rule(StrEnum):
    """Why a value was taken."""

    ONLY = "only"  # no other record tells
    AGREED = "agreed"  # all that tell say the same
    VERIFIED = "verified"  # the customer has shown that it is theirs
    NEWEST = "newest"  # told last


@dataclass(frozen=True, slots=True)
class Candidate:
    """What one record tells of one field.

    Attributes:
        record: Its id.
        value: What it tells.
        source: Who told.
        at: Since when it is known.
        verified: Whether the customer has shown that it is theirs.
    """

    record: str
    value: Any
    source: str
    at: datetime
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Golden:
    """One field of the golden record, and its lineage."""

    field: str
    value: Any
    record: str
    source: str
    at: datetime
    rule: Rule
    others: int  # other values that were told


def golden(told: Mapping[str, Iterable[Candidate]]) -> list[Golden]:
    """Give the golden record: for each field that anybody tells, the value that survives.

    Args:
        told: By field, what each record tells; None and empty values count for nothing.
    """
    return [_of(field, kept) for field, all_ in told.items() if (kept := [one for one in all_ if one.value])]


def _of(field: str, told: Sequence[Candidate]) -> Golden:
    values = {one.value for one in told}
    best = max(told, key=lambda one: (one.verified, one.at, one.record))
    if len(told) == 1:
        rule = Rule.ONLY
    elif len(values) == 1:
        rule, best = Rule.AGREED, min(told, key=lambda one: (one.at, one.record))
    else:
        rule = Rule.VERIFIED if best.verified else Rule.NEWEST
    return Golden(field, best.value, best.record, best.source, best.at, rule, len(values) - 1)
