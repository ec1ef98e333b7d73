"""What an import did, row by row and in sum."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Rejection:
    """One row that was not taken, and why.

    Attributes:
        line: Line of the file (1 is the first; for Parquet and Excel the row, the heading being 1).
        column: The source's name of the column at fault; empty when it is the row as a whole.
        value: What stands there.
        reason: A code; its words are `intake-reason-<code>` in the locale files.
        field: Our name of the field; empty when it is the row as a whole.
    """

    line: int
    column: str
    value: str
    reason: str
    field: str = ""


@dataclass
class ImportReport:
    """What an import did. Every row read is accepted, rejected or known: the three sum to `rows_read`.

    Attributes:
        repaired: Accepted rows in which something was mended on the way.
        known: Rows that were there already, from an earlier import of the same.
        reasons: Counts by code, under `rejected`, `repaired` and `notes`; a row may count under several.
        created: New records by kind.
        rejects: The file with the rejected rows, or None when there are none.
    """

    id: str
    entity: str
    source: str
    file: str
    rows_read: int = 0
    accepted: int = 0
    rejected: int = 0
    repaired: int = 0
    known: int = 0
    reasons: dict[str, Counter[str]] = field(
        default_factory=lambda: {"rejected": Counter(), "repaired": Counter(), "notes": Counter()}
    )
    created: Counter[str] = field(default_factory=Counter)
    rejects: Path | None = None
    seconds: float = 0.0

    @property
    def rows_per_second(self) -> float:
        """How fast it went."""
        return self.rows_read / self.seconds if self.seconds else 0.0

    def note(self, code: str, count: int = 1) -> None:
        """Count something worth telling that neither mends nor rejects a row."""
        if count:
            self.reasons["notes"][code] += int(count)
