"""What people agree to, purpose by purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Purpose(StrEnum):
    """What personal data may be used for."""

    SERVICE = "service"  # words that we begin with, like asking whether somebody is still there
    ANALYTICS = "analytics"  # what they do and ask, kept to learn from and to count
    PROFILING = "profiling"  # scores, groups and recommendations made for this person
    MARKETING = "marketing"  # offers that nobody asked for


@dataclass(frozen=True, slots=True)
class Consent:
    """One answer; the last one of a purpose counts."""

    purpose: Purpose
    granted: bool
    given_at: datetime
    source: str  # where it was given: shop, chat, import …
    text_version: str | None  # of the words that were agreed to
    proof: str | None  # where it can be seen: message:<id>, form:<id>, document …
