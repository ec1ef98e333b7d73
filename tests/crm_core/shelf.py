"""A small shop for tests: a few products, customers and orders in the database."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.records.shop import Money, Product
from crm_core.storage.tables import customers, order_items, orders, products

MUG = ("MUG", "Enamel Camping Mug, red", "搪瓷马克杯（红色）", "kitchen", 990, 12)
POT = ("POT", "Glass Teapot with Infuser", "带滤网玻璃茶壶", "kitchen", 2790, 3)
TENT = ("TENT", "Two-person Tent", "双人帐篷", "outdoor", 12900, 0)
LAMP = ("LAMP", "Bedside Lamp with Dimmer", "可调光床头灯", "home", 4290, 40)
PHONES = ("PHONES", "Over-ear Headphones, black", "头戴式耳机（黑色）", "electronics", 8900, 9)
SHELF = (MUG, POT, TENT, LAMP, PHONES)


def product(
    sku: str, title_en: str, title_zh: str | None, category: str, price: int, stock: int, **more: Any
) -> Product:
    """Make a product that is in no database."""
    values: dict[str, Any] = {"description_en": None, "description_zh": None, "attributes": {}, "image": None}
    values |= {"active": True} | more
    return Product(
        new_id(), sku, title_en, title_zh, category=category, price=Money(price, "USD"), stock=stock, **values
    )


def fill(crm: Crm, shelf: tuple[tuple[Any, ...], ...] = SHELF, **more: Any) -> None:
    """Put products on sale."""
    keys = ("sku", "title_en", "title_zh", "category", "price_minor", "stock")
    rows = [
        {
            "id": new_id(),
            "description_en": None,
            "description_zh": None,
            "attributes": {},
            "currency": "USD",
            "image": None,
            "active": True,
            "updated_at": crm._context.clock(),
        }
        | dict(zip(keys, item, strict=True))
        | more
        for item in shelf
    ]
    with crm.database.writing() as connection:
        connection.execute(products.insert(), rows)


def visitor(crm: Crm) -> tuple[str, str]:
    """Open a conversation and give its id and the customer's."""
    conversation = crm.conversations.open("web", new_id())
    return conversation.id, conversation.customer_id


def customer(crm: Crm) -> str:
    """Make a customer who has no conversation."""
    moment = crm._context.clock()
    row = {"id": new_id(), "status": "active", "attributes": {}, "first_seen_at": moment, "last_seen_at": moment}
    with crm.database.writing() as connection:
        row["key_id"] = crm._context.keys.create(connection)
        connection.execute(customers.insert(), [row])
    return str(row["id"])


def buy(crm: Crm, customer_id: str, *skus: str, days_ago: int = 5) -> None:
    """Let a customer have bought products."""
    moment = crm._context.clock() - timedelta(days=days_ago)
    order_id = new_id()
    with crm.database.writing() as connection:
        connection.execute(
            orders.insert().values(
                id=order_id,
                source="test",
                number=order_id[-12:],
                customer_id=customer_id,
                status="delivered",
                placed_at=moment,
                currency="USD",
                total_minor=0,
                updated_at=moment,
            )
        )
        items = [
            {
                "id": new_id(),
                "order_id": order_id,
                "line": line,
                "sku": sku,
                "title": sku,
                "quantity": 1,
                "unit_price_minor": 0,
            }
            for line, sku in enumerate(skus, 1)
        ]
        connection.execute(order_items.insert(), items)
