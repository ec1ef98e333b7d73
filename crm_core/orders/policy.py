"""What may still be done with an order, and until when. Pure rules: no storage, no clock of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crm_core.errors import OrderNotChangeable
from crm_core.records.shop import Order

RETURN_DAYS = 30
"""A delivered order may be sent back for this many days."""

REFUND_DAYS = 14
"""The money is back at the latest this many days after the goods came back, or the order was cancelled."""

RETURN_KINDS = ("return", "refund", "exchange")
BEFORE_SHIPPING = frozenset({"placed", "paid", "packed"})
OPEN = BEFORE_SHIPPING | {"shipped"}
_LIKELY = {
    "status": OPEN,
    "invoice": frozenset({"paid", "packed", "shipped", "delivered"}),
    "track": frozenset({"cancelled", "returned"}),
}
FINISHED = {"cancelled": "cancelled", "returned": "returned"}


def check_returnable(order: Order, now: datetime) -> None:
    """Make sure that an order may be sent back (return, refund and exchange alike).

    Raises:
        OrderNotChangeable: It is `not_delivered` yet, `cancelled`, `returned`, or the `window_over`.
    """
    if order.status in FINISHED:
        raise OrderNotChangeable(order.number, FINISHED[order.status])
    until = return_until(order)
    if until is None:
        raise OrderNotChangeable(order.number, "not_delivered" if order.status == "shipped" else "not_shipped")
    if now > until:
        raise OrderNotChangeable(order.number, "window_over")


def return_until(order: Order) -> datetime | None:
    """Give the last moment at which a delivered order may be sent back; None before delivery.

    Where the day of delivery was never told, the window is counted from the day it was expected, or ordered.
    """
    if order.status != "delivered":
        return None
    return (order.delivered_at or order.expected_at or order.placed_at) + timedelta(days=RETURN_DAYS)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How an order stands now.

    Attributes:
        state: Its status, or `late` where a parcel under way should have arrived.
        return_until: Until when it may still be sent back.
    """

    state: str
    return_until: datetime | None


def outlook(order: Order, now: datetime) -> Outlook:
    """Tell how an order stands now."""
    until = return_until(order)
    return Outlook(delivery_state(order, now), until if until and until > now else None)


def check(order: Order, kind: str, now: datetime) -> None:
    """Make sure that a request may be made for an order.

    Args:
        order: Which.
        kind: `cancel`, `address`, `return`, `refund`, `exchange` or `invoice`.
        now: The present moment.

    Raises:
        OrderNotChangeable: It has gone too far, or not far enough.
    """
    if kind in ("cancel", "address"):
        _check_not_shipped(order)
    elif kind in RETURN_KINDS:
        check_returnable(order, now)


def is_likely(order: Order, purpose: str, now: datetime) -> bool:
    """Tell whether a customer who does not name an order is likely to mean this one.

    Args:
        order: One of the customer's latest.
        purpose: `status`, `invoice`, `track` (a refund) or a kind of request.
        now: The present moment.
    """
    if purpose in _LIKELY:
        return order.status in _LIKELY[purpose]
    try:
        check(order, purpose, now)
    except OrderNotChangeable:
        return False
    return True


def delivery_state(order: Order, now: datetime) -> str:
    """Give the order's status, or `late` where a parcel under way should have arrived (a day's grace is given)."""
    overdue = order.expected_at is not None and now > order.expected_at + timedelta(days=1)
    return "late" if order.status == "shipped" and overdue else order.status


def _check_not_shipped(order: Order) -> None:
    if order.status not in BEFORE_SHIPPING:
        raise OrderNotChangeable(order.number, order.status)
