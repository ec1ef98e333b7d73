"""Which orders a customer means who names no number: "the headphones I bought last Tuesday"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from crm_core.orders.items import is_named
from crm_core.records.shop import Order

_BOUGHT = re.compile(
    r"\b(?:bought|buy|ordered|purchased|placed|made|got|paid|arrived|came|delivered|received|order (?:from|of))\b"
    r"|买|下单|下的单|订的|拍的|付款|收到|到的|送到|的订单|那单",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Description:
    """What a message says of an order.

    Attributes:
        text: The message; the titles of the order's items are looked for in it.
        skus: Products that it names.
        days: Days and spans of days that it names, each with its first and last day.
    """

    text: str
    skus: frozenset[str] = frozenset()
    days: tuple[tuple[date, date], ...] = ()


def fitting(orders: Sequence[Order], said: Description, timezone: str) -> list[Order]:
    """Give those of some orders that a description fits; none when it describes none of them.

    An order fits that holds what was named, and of several such those of the day. A day alone counts only beside a
    word of buying or getting: "it should come on Friday" describes no order.

    Args:
        orders: A customer's orders.
        said: What the message says.
        timezone: The shop's, in which its days begin.
    """
    zone = ZoneInfo(timezone)
    named = [order for order in orders if _holds(order, said)]
    dated = [order for order in orders if _is_of(order, said.days, zone)]
    if named:
        return [order for order in named if order in dated] or named
    return dated if _BOUGHT.search(said.text) else []


def _holds(order: Order, said: Description) -> bool:
    return any(item.sku in said.skus or is_named(item, said.text) for item in order.items)


def _is_of(order: Order, days: Sequence[tuple[date, date]], zone: ZoneInfo) -> bool:
    moments: list[datetime] = [moment for moment in (order.placed_at, order.delivered_at) if moment]
    return any(first <= moment.astimezone(zone).date() <= last for first, last in days for moment in moments)
