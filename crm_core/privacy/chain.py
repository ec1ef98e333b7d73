"""The chain that makes the access log tamper-evident: every entry's hash covers the one before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

FIRST = "0" * 64
"""What stands before the first entry."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the access log."""

    at: datetime
    actor: str
    role: str
    action: str
    subject: str
    fields: tuple[str, ...]
    previous_hash: str
    hash: str = ""

    def expected_hash(self, keyed_hash: Callable[[str, str], str]) -> str:
        """Give the hash that the entry must have; made with a key, so that the database alone cannot forge it."""
        said = [
            self.previous_hash,
            self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            self.actor,
            self.role,
            self.action,
            self.subject,
            list(self.fields),
        ]
        return keyed_hash("access_log", json.dumps(said, ensure_ascii=True))


@dataclass(frozen=True, slots=True)
class Anchor:
    """The end of the log at some moment, kept elsewhere: a log cut off before it shows."""

    id: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of the whole access log found."""

    entries: int
    broken_id: int | None  # the first entry that does not fit; None: all do
    last_hash: str  # write it down elsewhere, and even a log cut off at its end shows
    why: str | None = None  # changed | gone_before | cut_off
    end: Anchor | None = None  # of an intact log that is not empty

    @property
    def intact(self) -> bool:
        """Whether every entry fits."""
        return self.broken_id is None
