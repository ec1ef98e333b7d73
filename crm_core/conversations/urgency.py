"""Who of those that wait comes first, and why: the one place that decides.

Urgency = minutes waited × promise × mood × value × purchase intent × what an agent set by hand. Whoever has waited for
longer than the fairness limit comes before all who have not, in the order of asking, so that nobody waits for ever
behind customers who are worth more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from crm_core.records.people import Reason


class Priority(StrEnum):
    """How an agent ranked a conversation by hand."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


_BY_HAND = {Priority.LOW: 0.5, Priority.NORMAL: 1.0, Priority.HIGH: 2.0, Priority.URGENT: 5.0}
_OVERDUE = 2.0
_SOON_DUE = 1.5
_SOON = timedelta(minutes=2)
_UPSET = 1.5
_OF_ORDER = 0.1  # each of up to five
_ORDERS = 5
_OF_INTENT = 0.5
_INTENT_SAID = 0.3  # below this the wish to buy is no reason worth naming


@dataclass(frozen=True, slots=True)
class Wait:
    """What is known of a customer who waits for a person.

    Attributes:
        since: When they asked.
        reply_due_at: Until when the service promises a first reply.
        upset: They are angry, or complain.
        orders: How many orders they have placed.
        purchase_intent: How likely they buy, in [0, 1].
        priority: What an agent set.
    """

    since: datetime
    reply_due_at: datetime | None = None
    upset: bool = False
    orders: int = 0
    purchase_intent: float = 0.0
    priority: Priority = Priority.NORMAL


@dataclass(frozen=True, slots=True)
class Urgency:
    """How urgent a wait is.

    Attributes:
        score: Its factors multiplied; more is sooner.
        fair: They have waited for so long that the score no longer counts.
        since: When they asked.
        reasons: What speaks for them, the weightiest first.
    """

    score: float
    fair: bool
    since: datetime
    reasons: tuple[Reason, ...]

    @property
    def rank(self) -> tuple[bool, float, datetime]:
        """By which those who wait are sorted, the first being next."""
        return not self.fair, 0.0 if self.fair else -self.score, self.since


def urgency(wait: Wait, now: datetime, fairness: timedelta) -> Urgency:
    """Judge how urgent it is that somebody comes.

    Args:
        wait: What is known of the customer.
        now: The present moment.
        fairness: After so long a wait nobody else comes first.
    """
    waited = max(timedelta(0), now - wait.since)
    minutes = waited / timedelta(minutes=1)
    factors = [Reason("waited", 1 + minutes, {"minutes": int(minutes)}), *_factors(wait, now)]
    score = 1.0
    for factor in factors:
        score *= factor.weight
    fair = waited >= fairness
    said = sorted(factors[1:], key=lambda reason: -abs(reason.weight - 1))
    first = [Reason("waited_longest", 1.0)] if fair else []
    return Urgency(score, fair, wait.since, (*first, *said, factors[0]))


def _factors(wait: Wait, now: datetime) -> list[Reason]:
    found = []
    if wait.reply_due_at is not None and wait.reply_due_at - now <= _SOON:
        late = wait.reply_due_at <= now
        found.append(Reason("overdue" if late else "soon_due", _OVERDUE if late else _SOON_DUE))
    if wait.upset:
        found.append(Reason("upset", _UPSET))
    if wait.orders:
        found.append(Reason("orders", 1 + _OF_ORDER * min(wait.orders, _ORDERS), {"orders": wait.orders}))
    if wait.purchase_intent >= _INTENT_SAID:
        share = round(100 * wait.purchase_intent)
        found.append(Reason("may_buy", 1 + _OF_INTENT * wait.purchase_intent, {"percent": share}))
    if wait.priority is not Priority.NORMAL:
        found.append(Reason(f"priority_{wait.priority.value}", _BY_HAND[wait.priority]))
    return found
