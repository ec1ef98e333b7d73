"""What may still be done with an order, and until when. Pure rules: no storage, no clock of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_core.errors import OrderNotChangeable
from crm_core.records.shop import Order

RETURN_DAYS = 30
"""A delivered order may be sent back for this many days."""

REFUND_DAYS = 14
"""The money is back at the latest this many days after the goods came back, or the order was cancelled."""

BEFORE_SHIPPING = frozenset({"placed", "paid", "packed"})
OPEN = BEFORE_SHIPPING | {"shipped"}
FINISHED = {"cancelled": "cancelled", "returned": "returned"}


def check_cancellable(order: Order) -> None:
    """Make sure that an order may be cancelled.

    Raises:
        OrderNotChangeable: It is `shipped`, `delivered`, `cancelled` or `returned` already.
    """
    _check_not_shipped(order)


def check_address_changeable(order: Order) -> None:
    """Make sure that an order may still go to another address.

    Raises:
        OrderNotChangeable: It is `shipped`, `delivered`, `cancelled` or `returned` already.
    """
    _check_not_shipped(order)


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


def delivery_state(order: Order, now: datetime) -> str:
    """Give the order's status, or `late` where a parcel under way should have arrived (a day's grace is given)."""
    overdue = order.expected_at is not None and now > order.expected_at + timedelta(days=1)
    return "late" if order.status == "shipped" and overdue else order.status


def _check_not_shipped(order: Order) -> None:
    if order.status not in BEFORE_SHIPPING:
        raise OrderNotChangeable(order.number, order.status)
