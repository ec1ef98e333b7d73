"""Lists of conversations, as people who answer them read and narrow them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crm_core.records.conversations import Conversation
from crm_core.records.people import Reason


class Shelf(StrEnum):
    """Which conversations."""

    MINE = "mine"
    OFFERED = "offered"  # by a colleague, to me
    WAITING = "waiting"
    OWED = "owed"  # an answer to somebody to whom nobody came
    OPEN = "open"  # all of them, whoever has them
    SNOOZED = "snoozed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; None means any."""

    language: str | None = None
    priority: str | None = None
    channel: str | None = None
    owner: str | None = None
    agent_id: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One conversation of a list.

    Attributes:
        conversation: The conversation.
        name: The customer's, masked; None where it is not known.
        preview: What the customer said last.
        segment: The customer's group, by its key; None where there is none.
        unread: The customer has the last word.
        since: From when it waits, or when something was said last.
        position: In the queue.
        reason: Why a person was asked for.
        reasons: What speaks for the position.
        reply_due_at: Until when a first reply was promised; None once it was given.
        solve_due_at: Until when it was promised to be solved.
    """

    conversation: Conversation
    name: str | None
    preview: str
    segment: str | None
    unread: bool
    since: datetime
    position: int | None = None
    reason: str | None = None
    reasons: tuple[Reason, ...] = ()
    reply_due_at: datetime | None = None
    solve_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A list that somebody looks at often."""

    id: str
    name: str
    shelf: Shelf
    wanted: Wanted
