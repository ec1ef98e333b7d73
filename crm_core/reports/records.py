"""What the reports consist of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from crm_core.reports.definitions import OPEN
from crm_core.reports.shares import share


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day: how the conversations that began on it stand, and how many of them went to a person."""

    day: date
    endings: dict[str, int]
    handed_off: int

    @property
    def total(self) -> int:
        """Conversations that began on this day."""
        return sum(self.endings.values())


@dataclass(frozen=True, slots=True)
class FirstWait:
    """How long customers waited for the first person."""

    taken: int  # conversations in which a person answered the call
    not_taken: int  # handed over, but nobody has taken it (yet)
    average_seconds: float | None
    longest_seconds: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """The conversations of a period."""

    days: list[DayRow]
    first_wait: FirstWait

    @property
    def total(self) -> int:
        """Conversations that began in the period."""
        return sum(day.total for day in self.days)

    @property
    def handed_off(self) -> int:
        """Those of them that went to a person at least once."""
        return sum(day.handed_off for day in self.days)

    @property
    def handoff_rate(self) -> float:
        """Share of conversations that went to a person, in [0, 1]."""
        return share(self.handed_off, self.total)

    @property
    def endings(self) -> dict[str, int]:
        """How many conversations ended in each way, or are open."""
        return {ending: sum(day.endings[ending] for day in self.days) for ending in self.days[0].endings}

    @property
    def open(self) -> int:
        """Conversations that have not ended."""
        return self.endings[OPEN]


@dataclass(frozen=True, slots=True)
class IntentCount:
    """How often an intent was understood."""

    intent: str
    count: int


@dataclass(frozen=True, slots=True)
class Understanding:
    """What the assistant understood, and what not."""

    turns: int
    fallbacks: int
    failed: int
    intents: list[IntentCount]

    @property
    def fallback_rate(self) -> float:
        """Share of turns in which the assistant did not understand, in [0, 1]."""
        return share(self.fallbacks, self.turns)

    @property
    def failure_rate(self) -> float:
        """Share of turns in which the assistant gave no answer at all, in [0, 1]."""
        return share(self.failed, self.turns)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """One text that the assistant did not understand, with personal values masked."""

    conversation_id: str
    text: str
    intent: str | None
    confidence: float | None
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackCount:
    """Feedback of one category and sentiment."""

    category: str
    sentiment: str
    count: int


@dataclass(frozen=True, slots=True)
class FeedbackReport:
    """What customers said and how they rated."""

    counts: list[FeedbackCount]
    serious: int
    scores: dict[int, int]  # rating 1 to 5 → how many

    @property
    def total(self) -> int:
        """All feedback of the period."""
        return sum(row.count for row in self.counts)

    @property
    def rated(self) -> int:
        """All ratings of the period."""
        return sum(self.scores.values())

    @property
    def average(self) -> float | None:
        """The mean rating, or None without one."""
        return sum(score * count for score, count in self.scores.items()) / self.rated if self.rated else None

    @property
    def satisfied(self) -> float:
        """Share of ratings that are 4 or 5, in [0, 1]."""
        return share(self.scores[4] + self.scores[5], self.rated)


@dataclass(frozen=True, slots=True)
class OfferReport:
    """Recommendations shown in the period and what became of them until now."""

    served: int
    seen: int
    clicked: int
    accepted: int  # put into the cart or bought
    rejected: int
    bought: int
    revenue_minor: dict[str, int]  # currency → minor units, of purchases whose value is known

    @property
    def acceptance_rate(self) -> float:
        """Accepted of served, in [0, 1]."""
        return share(self.accepted, self.served)


@dataclass(frozen=True, slots=True)
class SuggestionReport:
    """Replies suggested to agents in the period and what they made of them until now."""

    shown: int
    sent: int  # as they were
    edited: int  # sent in another form
    dismissed: int

    @property
    def used_rate(self) -> float:
        """Sent, in whatever form, of shown, in [0, 1]."""
        return share(self.sent + self.edited, self.shown)


@dataclass(frozen=True, slots=True)
class SegmentSize:
    """How many customers are in a segment, by the live model."""

    key: str
    size: int
    model_version: str


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One trained model with its figures beside the naive baseline's."""

    version: str
    task: str
    algorithm: str
    status: str
    rows: int
    trained_at: datetime
    metrics: dict[str, Any] = field(default_factory=dict)
    baseline: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConversationRow:
    """One conversation behind a figure."""

    id: str
    opened_at: datetime
    channel: str
    language: str
    ending: str
    handed_off: bool
    messages: int


@dataclass(frozen=True, slots=True)
class Drill:
    """Which of a period's conversations are meant; None means any."""

    ending: str | None = None
    handed_off: bool | None = None
    day: date | None = None
