"""How good imported data was: each line of the quality log, and the figures of each field."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LoggedIssue:
    """One line of the quality log.

    Attributes:
        line: Line of the file that it came in.
        field: Our name of the field; empty when it is the row as a whole.
        check: Code of what was found.
        action: `rejected`, `dropped`, `repaired` or `flagged`.
        before: The value as it came, masked where it is personal and nobody asked for more; None once erased.
        after: The value as it was taken, or None when it was not.
    """

    id: str
    source: str
    entity: str
    file: str
    line: int
    field: str
    check: str
    action: str
    before: str | None
    after: str | None
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class FieldQuality:
    """The figures of one field of one source, over all its imports.

    Attributes:
        rows: Rows that came, each counted once however often it came.
        kept: Rows of them that were taken.
        missing_before: Rows in which nothing stood.
        missing_after: Rows taken that have no value, what was left out counted too.
        actions: Action → how many values; what was undone is not counted.
    """

    source: str
    entity: str
    field: str
    rows: int
    kept: int
    missing_before: int
    missing_after: int
    actions: dict[str, int]


@dataclass(frozen=True, slots=True)
class SourceQuality:
    """The sums of one source, over all its imports.

    Attributes:
        duplicates: Rows that were there already, from an earlier import or earlier in the file.
    """

    source: str
    entity: str
    imports: int
    rows: int
    accepted: int
    rejected: int
    repaired: int
    duplicates: int
