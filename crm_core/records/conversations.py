"""What the log, the turns and the owner are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from crm_core.records.people import Reason

Body = dict[str, Any]
"""What a message says, as JSON: `text`, and optionally `payload` (the button a customer pressed), `buttons`
(`[{"title", "payload"}]`), `cards` (see `records.shop.card`), `image` (URL), `attachment` (a customer's file:
`{"id", "name", "type", "size"}`), `event` (what a system line tells)."""


class Author(StrEnum):
    """Who wrote a message."""

    CUSTOMER = "customer"
    BOT = "bot"
    AGENT = "agent"
    SYSTEM = "system"


class Owner(StrEnum):
    """Who answers in a conversation: always exactly one."""

    BOT = "bot"
    QUEUE = "queue"
    HUMAN = "human"


class Outcome(StrEnum):
    """How a closed conversation ended; an open one has none."""

    SOLVED_BY_BOT = "solved_by_bot"
    SOLVED_BY_PERSON = "solved_by_person"
    ABANDONED = "abandoned"


@dataclass(frozen=True, slots=True)
class Message:
    """One row of a conversation's log."""

    id: str
    conversation_id: str
    seq: int  # 1, 2, 3 … without a gap
    author: Author
    body: Body
    created_at: datetime
    agent_id: str | None = None
    external_id: str | None = None
    answers_id: str | None = None
    given_seq: int | None = None  # up to where the sender had the log when this was written


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a customer sent."""

    id: str
    conversation_id: str
    name: str  # as the customer called it
    type: str  # image/png, application/pdf …: as its first bytes say
    size: int  # bytes

    @property
    def described(self) -> Body:
        """What a message's body says of it."""
        return {"id": self.id, "name": self.name, "type": self.type, "size": self.size}


@dataclass(frozen=True, slots=True)
class Accepted:
    """A customer's message that is on disk."""

    message: Message
    duplicate: bool  # it had been accepted before under the same external id
    owner: Owner  # who will answer it


@dataclass(frozen=True, slots=True)
class Conversation:
    """One conversation and who answers in it."""

    id: str
    channel: str
    external_id: str
    customer_id: str
    verified: bool  # the shop's signed token showed who the customer is
    language: str
    status: str  # open | closed
    owner: Owner
    agent_id: str | None
    version: int
    outcome: Outcome | None
    last_seq: int
    delivered_seq: int
    seen_by_customer_seq: int
    seen_by_agent_seq: int
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None
    priority: str = "normal"  # low | normal | high | urgent
    snoozed_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PendingTurn:
    """A customer's message whose turn it is, leased to one gateway."""

    conversation: Conversation
    message: Message
    holder: str
    attempt: int  # 1 on the first try


@dataclass(frozen=True, slots=True)
class HandoffWish:
    """A turn's wish that a person takes over."""

    reason: str
    requested_by: str = "customer"  # customer | bot


@dataclass(frozen=True, slots=True)
class TurnResult:
    """What the assistant answered to one message, with how it came to that."""

    replies: list[Body]
    trace: dict[str, Any] = field(default_factory=dict)
    duration_ms: float = 0.0
    handoff: HandoffWish | None = None
    close: bool = False  # the customer has said goodbye
    failed: bool = False  # not an answer but the apology after the last try


@dataclass(frozen=True, slots=True)
class QueueEntry:
    """A conversation that waits for a person."""

    conversation: Conversation
    position: int  # 1 is next
    reason: str
    requested_at: datetime
    last_text: str  # what the customer said last
    reasons: tuple[Reason, ...] = ()  # for the position, the weightiest first
    expected_wait: timedelta | None = None  # unknown where too few were served of late
    opens_at: datetime | None = None  # when people serve again; None while they do
    reply_due_at: datetime | None = None  # by the service's promise
    team: str | None = None
    skill: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn as it was kept: for the agent's "why did the bot say that" and the manager's figures."""

    id: str
    message_id: str
    intent: str | None
    confidence: float | None
    fallback: bool
    suppressed: bool
    failed: bool
    trace: dict[str, Any]
    duration_ms: float
    created_at: datetime
