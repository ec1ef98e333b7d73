"""How long somebody in the queue will have to wait, by how long others have waited there."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

_ENOUGH = 3  # waits; with fewer nothing is promised


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that is over."""

    asked_at: datetime
    left_at: datetime  # when a person came, or the customer gave up
    served: bool  # a person came


def expected_wait(position: int, past: Sequence[Wait]) -> timedelta | None:
    """Estimate the wait at a place in the queue.

    Each earlier wait is divided by the place that it began at; the median of these is the time that one place takes.

    Args:
        position: 1 is next.
        past: The last waits, in any order.

    Returns:
        The estimate, or None where too few have waited to tell.
    """
    per_place = [(wait.left_at - wait.asked_at).total_seconds() / _place(wait, past) for wait in past if wait.served]
    if len(per_place) < _ENOUGH:
        return None
    return timedelta(seconds=position * statistics.median(per_place))


def _place(wait: Wait, past: Sequence[Wait]) -> int:
    """Give the place in the queue at which a wait began."""
    return 1 + sum(other.asked_at < wait.asked_at < other.left_at for other in past)
