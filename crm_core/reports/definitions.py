"""Every figure of the manager's pages: what is counted, over which rows, in which unit.

A figure's words are `figure-<id>` (its name) and `figure-<id>-definition` in `bot/locales`. Shares name the figure
they are a part of, so that two figures shown side by side always have the same denominator.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from crm_core.records.conversations import Outcome


class Unit(StrEnum):
    """What a figure's number is."""

    COUNT = "count"
    SHARE = "share"  # in [0, 1]
    SECONDS = "seconds"
    MONEY = "money"  # minor units
    SCORE = "score"  # 1 (bad) to 5 (good)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    Args:
        id: Its name in code and, with `figure-` before it, in the locale files.
        unit: What its number is.
        of: The figure that is its denominator; None for one that stands alone.
    """

    id: str
    unit: Unit
    of: str | None = None


OPEN = "open"
ENDINGS: tuple[str, ...] = (*(outcome.value for outcome in Outcome), OPEN)
"""Every conversation is in exactly one of these, so that their shares sum to 100 %."""

FIGURES: dict[str, Figure] = {
    figure.id: figure
    for figure in (
        Figure("conversations", Unit.COUNT),
        *(Figure(ending, Unit.SHARE, of="conversations") for ending in ENDINGS),
        Figure("handed_off", Unit.SHARE, of="conversations"),
        Figure("first_wait", Unit.SECONDS),
        Figure("bot_turns", Unit.COUNT),
        Figure("intents", Unit.SHARE, of="bot_turns"),
        Figure("fallbacks", Unit.SHARE, of="bot_turns"),
        Figure("failed_turns", Unit.SHARE, of="bot_turns"),
        Figure("feedback", Unit.COUNT),
        Figure("rating", Unit.SCORE),
        Figure("satisfied", Unit.SHARE, of="rating"),
        Figure("offers_served", Unit.COUNT),
        Figure("offers_seen", Unit.SHARE, of="offers_served"),
        Figure("offers_clicked", Unit.SHARE, of="offers_served"),
        Figure("offers_accepted", Unit.SHARE, of="offers_served"),
        Figure("offers_revenue", Unit.MONEY),
        Figure("suggestions_shown", Unit.COUNT),
        Figure("suggestions_used", Unit.SHARE, of="suggestions_shown"),
        Figure("segments", Unit.COUNT),
        Figure("models", Unit.SCORE),
    )
}
