"""What customers asked of the articles, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"  # an article was quoted
    UNKNOWN = "unknown"  # no article says
    FALLBACK = "fallback"  # nothing understood it
    PERSON = "person"  # a person answered it


class TopicStatus(StrEnum):
    """What managers made of questions that are alike."""

    OPEN = "open"
    ANSWERED = "answered"  # an article answers it now
    DISMISSED = "dismissed"  # no article is wanted


@dataclass(frozen=True, slots=True)
class Question:
    """One question and what became of it; personal values in its text are masked."""

    id: str
    conversation_id: str
    text: str
    language: str
    outcome: Outcome
    slug: str | None  # of the article that was quoted
    score: float | None
    helped: bool | None  # what the customer said of the answer
    asked_at: datetime
    reply: str | None = None  # what a person answered


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that are alike and that no article has answered well.

    Attributes:
        unanswered: How often an article was missing: nothing found, nothing understood, or of no help.
        replies: How often a person answered it.
        reasons: How often each of `unknown`, `fallback`, `not_helped` was why.
        samples: The newest of them, masked, each wording once.
    """

    id: str
    language: str
    status: TopicStatus
    slug: str | None
    unanswered: int
    replies: int
    reasons: dict[str, int]
    last_at: datetime
    samples: tuple[Question, ...]

    @property
    def reply(self) -> Question | None:
        """The newest question of it that a person answered."""
        return next((sample for sample in self.samples if sample.reply), None)


@dataclass(frozen=True, slots=True)
class ArticleUse:
    """How an article fares."""

    slug: str
    quoted: int
    helped: int
    not_helped: int

    @property
    def helpful(self) -> float | None:
        """The share of those who said whether it helped that it had helped, None when nobody said."""
        judged = self.helped + self.not_helped
        return self.helped / judged if judged else None
