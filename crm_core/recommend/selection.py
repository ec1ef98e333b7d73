"""Which of the ranked products are shown, with the chance each had: the log can then judge other policies.

All places but the last go to the best; the last one goes, now and then, to a product from further down (epsilon-greedy
on one slot). The propensities are exact, so inverse propensity scoring on the log is unbiased over that slot.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

EPSILON = 0.1
EXPLORED = 8  # how many further products the explored place may go to

Candidate = TypeVar("Candidate")


def select(
    ranked: Sequence[Candidate], limit: int, chance: random.Random, epsilon: float = EPSILON
) -> list[tuple[Candidate, float]]:
    """Choose what to show.

    Args:
        ranked: The candidates, best first.
        limit: How many to show.
        chance: The source of randomness.
        epsilon: How often the last place is explored, in [0, 1).

    Returns:
        The chosen candidates, each with its propensity in (0, 1].
    """
    if limit <= 0:
        return []
    shown = [(candidate, 1.0) for candidate in ranked[: limit - 1]]
    last, further = ranked[limit - 1 : limit], ranked[limit : limit + EXPLORED]
    if not last:
        return shown
    if not further:
        return [*shown, (last[0], 1.0)]
    if chance.random() < epsilon:
        return [*shown, (chance.choice(further), epsilon / len(further))]
    return [*shown, (last[0], 1.0 - epsilon)]
