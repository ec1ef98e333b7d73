"""What was found wrong with one value or row, and what was done about it: one line of the quality log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ROW = -1
"""Position of a row that has no place in its chunk's columns, because its fields do not fit the heading."""


class Action(StrEnum):
    """What was done about it."""

    REJECTED = "rejected"  # the row was not taken
    DROPPED = "dropped"  # the value was left out, the row taken
    REPAIRED = "repaired"  # the value was written in another way
    FLAGGED = "flagged"  # the value was taken as it is, and is unusual


@dataclass(frozen=True, slots=True)
class Issue:
    """One line of the quality log.

    Attributes:
        at: The row's position in its chunk, or `ROW`.
        field: Our name of the field; empty when it is the row as a whole.
        check: Code of what was found: a reason of a rejection, `<kind>_mended` or `outlier`.
        before: The value as it came.
        after: The value as it was taken; None when it was not.
    """

    at: int
    field: str
    check: str
    action: Action
    before: str
    after: str | None = None

    @property
    def code(self) -> str:
        """The code under which a report counts it."""
        return f"{self.field}_dropped" if self.action is Action.DROPPED else self.check
