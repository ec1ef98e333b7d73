"""Orders in words: lists of items, dates, buttons."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from actions.talk import Button, Talk
from actions.wording import day, listed, money, short_day
from crm_core.orders.policy import OPEN, Outlook
from crm_core.phrases import crm_phrases
from crm_core.records.shop import Order, OrderItem

_BETWEEN_SENTENCES = {"en": " ", "zh": ""}


def phrase(talk: Talk, key: str, **values: str | int) -> str:
    """Give one phrase about orders in the conversation's language."""
    return crm_phrases.say(talk.language, f"order-{key}", **values)


def on_day(talk: Talk, moment: datetime) -> str:
    """Write a day as the shop's time zone has it."""
    return day(moment, talk.language, talk.crm.settings.timezone)


def items(talk: Talk, lines: Iterable[OrderItem]) -> str:
    """Give items as a list: `2 × Linen Shirt and 1 × Lamp`."""
    words = [phrase(talk, "line", quantity=line.quantity, title=line.name(talk.language)) for line in lines]
    return listed(words, talk.language)


def the_order(talk: Talk) -> Order:
    """Give the order that the form has found.

    Raises:
        OrderNotFound: It may not be shown (any more).
    """
    return talk.crm.orders.find(talk.conversation_id, talk.slot("order_number"), contact=talk.slot("contact"))


def values_of(talk: Talk, order: Order) -> dict[str, Any]:
    """Give what every response about an order may name."""
    return {
        "number": order.number,
        "items": items(talk, order.items),
        "total": money(order.total, talk.language),
        "placed": on_day(talk, order.placed_at),
    }


def details(talk: Talk, order: Order, outlook: Outlook) -> str:
    """Give what else is known of a delivery: when it comes or came, who brings it, until when it may go back."""
    found = []
    if order.expected_at and outlook.state in OPEN | {"late"}:
        key = "eta-missed" if outlook.state == "late" else "eta"
        found.append(phrase(talk, key, day=on_day(talk, order.expected_at)))
    if order.carrier and outlook.state in ("shipped", "late"):
        key = "tracking" if order.tracking_number else "carrier"
        found.append(phrase(talk, key, carrier=order.carrier, number=order.tracking_number or ""))
    if order.delivered_at and outlook.state == "delivered":
        found.append(phrase(talk, "delivered-on", day=on_day(talk, order.delivered_at)))
    if outlook.return_until:
        found.append(phrase(talk, "return-until", day=on_day(talk, outlook.return_until)))
    return _BETWEEN_SENTENCES[talk.language].join(found)


def order_button(talk: Talk, order: Order) -> Button:
    """Give the button that chooses an order."""
    title = phrase(
        talk,
        "button",
        number=order.number,
        day=short_day(order.placed_at, talk.language, talk.crm.settings.timezone),
        total=money(order.total, talk.language),
    )
    return {"title": title, "payload": f'/inform{{"order_number": "{order.number}"}}'}
