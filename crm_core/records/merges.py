"""Two records that are, or may be, one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """What holds of a pair of records."""

    MERGED = "merged"
    DOUBTFUL = "doubtful"  # somebody has to decide
    APART = "apart"  # two people: decided, or a merge undone


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field of a pair says.

    Attributes:
        field: Which.
        level: How alike it is.
        bits: What that counts; negative speaks against one person.
    """

    field: str
    level: str
    bits: float


@dataclass(frozen=True, slots=True)
class Merge:
    """A pair of records, what was found of it and what was decided.

    Attributes:
        left: One record.
        right: The other.
        rule: `likeness`, or `hand`: a person said so.
        weight: Of all evidence and of chance, in bits.
        decided_by: Who last said so; None while nobody has.
    """

    id: str
    left: str
    right: str
    state: State
    rule: str
    weight: float
    evidence: tuple[Evidence, ...]
    found_at: datetime
    decided_by: str | None
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a run did.

    Attributes:
        records: How many records were compared.
        merged: How many pairs were merged now.
        doubtful: How many new pairs wait for a person.
    """

    records: int
    merged: int
    doubtful: int
    seconds: float
