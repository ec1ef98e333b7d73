"""Which line of an earlier order a cancellation line takes back.

The rule: the same customer and SKU, ordered no later than the cancellation, with at least that quantity not taken
back yet. A line with exactly the cancelled quantity goes before others, then the latest goes before earlier ones.
"""

from __future__ import annotations

from collections import defaultdict
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
        cancelled: Orders of which nothing is left.
    """

    matches: list[Match]
    unmatched: list[Line]
    cancelled: set[str]


def match_cancellations(lines: Iterable[Line]) -> Matching:
    """Match the cancellation lines among one customer's lines; those matched before keep their match."""
    lines = sorted(lines, key=lambda line: (line.placed_at, line.id))
    left = {line.id: line.quantity for line in lines if line.quantity > 0}
    purchases: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        if line.quantity > 0:
            purchases[line.sku].append(line)
        elif line.cancels_item_id in left:
            left[line.cancels_item_id] += line.quantity
    matches, unmatched = [], []
    for line in lines:
        if line.quantity >= 0 or line.cancels_item_id is not None:
            continue
        found = _find(line, purchases[line.sku], left)
        if found is None:
            unmatched.append(line)
            continue
        left[found.id] += line.quantity
        matches.append(Match(line, found, found.quantity == -line.quantity))
    return Matching(matches, unmatched, _emptied(lines, left, matches))


def _find(cancellation: Line, purchases: list[Line], left: dict[str, int]) -> Line | None:
    wanted = -cancellation.quantity
    fitting = [line for line in purchases if line.placed_at <= cancellation.placed_at and left[line.id] >= wanted]
    return max(fitting, key=lambda line: (line.quantity == wanted, line.placed_at, line.id), default=None)


def _emptied(lines: list[Line], left: dict[str, int], matches: list[Match]) -> set[str]:
    touched = {match.purchase.order_id for match in matches}
    rest: dict[str, int] = dict.fromkeys(touched, 0)
    for line in lines:
        if line.order_id in touched and line.quantity > 0:
            rest[line.order_id] += left[line.id]
    return {order_id for order_id, quantity in rest.items() if quantity == 0}
