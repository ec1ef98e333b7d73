"""Who is there to answer customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Presence(StrEnum):
    """Whether conversations come to a member of staff."""

    AVAILABLE = "available"  # they come by themselves
    AWAY = "away"  # there, and takes what they want
    OFFLINE = "offline"  # no desk open


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff at work."""

    id: str
    name: str
    role: str
    presence: Presence
    load: int  # conversations they have
    capacity: int  # and can have
    languages: tuple[str, ...]
    skills: tuple[str, ...]
    team: str | None
    assigned_at: datetime | None = None

    @property
    def is_there(self) -> bool:
        """Whether they have a desk open."""
        return self.presence is not Presence.OFFLINE


@dataclass(frozen=True, slots=True)
class Ticket:
    """An answer that is owed to a customer to whom nobody came."""

    id: str
    conversation_id: str
    customer_id: str
    reason: str  # out_of_hours | nobody_came | contact_left
    contact: str | None  # where they want the answer, masked
    created_at: datetime
