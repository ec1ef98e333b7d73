"""What a message says of an order or a product that it does not number: names, and days."""

from __future__ import annotations

from datetime import date

from actions.talk import Talk
from crm_core.orders.described import Description


def description(talk: Talk) -> Description:
    """Give what the message says of an order; nothing when a button was pressed."""
    if talk.pressed:
        return Description("")
    skus = {sku for entity in talk.heard if entity.get("entity") == "product" for sku in entity.get("skus", [])}
    return Description(talk.text, frozenset(skus), tuple(_days(value) for value in talk.entities("date")))


def named_skus(talk: Talk) -> list[str]:
    """Give the products that the message names so that no other can be meant."""
    sure = [entity for entity in talk.heard if entity.get("entity") == "product" and entity.get("product_id")]
    return [sku for entity in sure for sku in entity.get("skus", [])]


def _days(value: str) -> tuple[date, date]:
    first, _, last = value.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last or first)
