"""Which line of an earlier order a cancellation line takes back.

The rule: the same customer and SKU, ordered no later than the cancellation, with at least that quantity not taken
back yet. A line with exactly the cancelled quantity goes before others, then the latest goes before earlier ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one customer's orders; on a cancellation the quantity is below zero."""

    id: str
    order_id: str
    sku: str
    quantity: int
    unit_price_minor: int
    placed_at: datetime
    cancels_item_id: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A cancellation line and the line that it takes back."""

    cancellation: Line
    purchase: Line
    exact: bool  # the whole quantity of that line


@dataclass(frozen=True, slots=True)
class Matching:
    """What came of one customer's lines.

    Attributes:
        matches: Cancellations that found their line.
        unmatched: Cancellations that found none.
        taken_back: Order → how many pieces of it are taken back, those of earlier matches included.
    """

    matches: list[Match]
    unmatched: list[Line]
    taken_back: Counter[str]


def match_cancellations(lines: Iterable[Line]) -> Matching:
    """Match the cancellation lines among one customer's lines; those matched before keep their match.

    Args:
        lines: The cancellation lines, and every line of the same customer with one of their SKUs.
    """
    lines = sorted(lines, key=lambda line: (line.placed_at, line.id))
    bought = {line.id: line for line in lines if line.quantity > 0}
    left = {line_id: line.quantity for line_id, line in bought.items()}
    by_sku: dict[str, list[Line]] = defaultdict(list)
    for line in bought.values():
        by_sku[line.sku].append(line)
    taken_back: Counter[str] = Counter()

    def take(cancellation: Line, purchase: Line) -> None:
        left[purchase.id] += cancellation.quantity
        taken_back[purchase.order_id] -= cancellation.quantity

    cancellations = [line for line in lines if line.quantity < 0]
    for line in cancellations:
        if line.cancels_item_id in bought:
            take(line, bought[line.cancels_item_id])
    matches, unmatched = [], []
    for line in (line for line in cancellations if line.cancels_item_id is None):
        found = _find(line, by_sku[line.sku], left)
        if found is None:
            unmatched.append(line)
        else:
            take(line, found)
            matches.append(Match(line, found, found.quantity == -line.quantity))
    return Matching(matches, unmatched, taken_back)


def _find(cancellation: Line, purchases: list[Line], left: dict[str, int]) -> Line | None:
    wanted = -cancellation.quantity
    fitting = [line for line in purchases if line.placed_at <= cancellation.placed_at and left[line.id] >= wanted]
    return max(fitting, key=lambda line: (line.quantity == wanted, line.placed_at, line.id), default=None)
