"""Queries on the catalogue."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.shop import Money, Product
from crm_core.storage.tables import interactions, order_items, orders, products

CatalogueState = tuple[int, datetime | None]
_VIEWED = ("Product Viewed", "Product Added")
_CHUNK = 500


def state(connection: sa.Connection) -> CatalogueState:
    """Give what changes whenever the catalogue does: how many products there are and when one last changed."""
    row = connection.execute(sa.select(sa.func.count(), sa.func.max(products.c.updated_at))).one()
    return row[0], row[1]


def on_sale(connection: sa.Connection) -> list[Product]:
    """Give every active product, by SKU."""
    rows = connection.execute(sa.select(products).where(products.c.active).order_by(products.c.sku))
    return [_product(row) for row in rows.mappings()]


def by_skus(connection: sa.Connection, skus: Collection[str]) -> list[Product]:
    """Give products in the order of their SKUs as asked; unknown ones are left out."""
    wanted, found = list(skus), {}
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        rows = connection.execute(sa.select(products).where(products.c.sku.in_(part))).mappings()
        found.update({row["sku"]: _product(row) for row in rows})
    return [found[sku] for sku in wanted if sku in found]


def bought(connection: sa.Connection, customer_id: str, limit: int = 100) -> list[str]:
    """Give the SKUs that a customer has bought, newest first, each once."""
    query = (
        sa.select(order_items.c.sku)
        .join(orders, orders.c.id == order_items.c.order_id)
        .where(orders.c.customer_id == customer_id, orders.c.status != "cancelled", order_items.c.quantity > 0)
        .order_by(orders.c.placed_at.desc(), order_items.c.line)
        .limit(limit)
    )
    return list(dict.fromkeys(connection.scalars(query)))


def looked_at(connection: sa.Connection, customer_id: str, limit: int = 50) -> list[str]:
    """Give the SKUs that a customer has viewed or put into the cart, newest first, each once."""
    query = (
        sa.select(products.c.sku)
        .join(interactions, interactions.c.product_id == products.c.id)
        .where(interactions.c.customer_id == customer_id, interactions.c.name.in_(_VIEWED))
        .order_by(interactions.c.occurred_at.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(connection.scalars(query)))


def most_bought(connection: sa.Connection, since: datetime, limit: int = 200) -> list[tuple[str, int]]:
    """Give what sold best since a moment, as (SKU, number of orders)."""
    count = sa.func.count(sa.distinct(order_items.c.order_id))
    query = (
        sa.select(order_items.c.sku, count)
        .join(orders, orders.c.id == order_items.c.order_id)
        .where(orders.c.placed_at >= since, orders.c.status != "cancelled", order_items.c.quantity > 0)
        .group_by(order_items.c.sku)
        .order_by(count.desc(), order_items.c.sku)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def _product(row: Any) -> Product:
    return Product(
        id=row["id"],
        sku=row["sku"],
        title_en=row["title_en"],
        title_zh=row["title_zh"],
        description_en=row["description_en"],
        description_zh=row["description_zh"],
        category=row["category"],
        attributes=row["attributes"] or {},
        price=Money(row["price_minor"], row["currency"]),
        stock=row["stock"],
        image=row["image"],
        active=row["active"],
    )
