"""Queries on the imports that were run, and on the lines that take back earlier ones."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.storage.tables import customers, imports, order_items, orders, products

Row = dict[str, Any]


def start(connection: sa.Connection, row: Row) -> None:
    """Note that an import has begun."""
    nothing = {"rows_read": 0, "accepted": 0, "rejected": 0, "repaired": 0, "known": 0, "reasons": {}}
    connection.execute(imports.insert().values(nothing | row))


def finish(connection: sa.Connection, import_id: str, row: Row) -> None:
    """Note what an import did."""
    connection.execute(imports.update().where(imports.c.id == import_id).values(row))


def finished(connection: sa.Connection, source: str, entity: str, sha256: str) -> datetime | None:
    """Give when the same file was imported whole before, or None."""
    found: datetime | None = connection.scalar(
        sa.select(sa.func.max(imports.c.finished_at)).where(
            imports.c.source == source, imports.c.entity == entity, imports.c.file_sha256 == sha256
        )
    )
    return found


def latest(connection: sa.Connection, limit: int) -> list[Row]:
    """Give the newest imports, newest first."""
    query = sa.select(imports).order_by(imports.c.started_at.desc()).limit(limit)
    return [dict(row) for row in connection.execute(query).mappings()]


def is_empty(connection: sa.Connection) -> bool:
    """Tell whether nothing of a shop is in the database yet."""
    return all(
        connection.scalar(sa.select(sa.literal(1)).select_from(table).limit(1)) is None
        for table in (products, orders, customers)
    )


def customers_with_open_cancellations(connection: sa.Connection, source: str) -> list[str]:
    """Give whose cancellation lines have not found the line that they take back."""
    query = (
        sa.select(orders.c.customer_id)
        .join(order_items, order_items.c.order_id == orders.c.id)
        .where(
            orders.c.source == source,
            orders.c.customer_id.is_not(None),
            order_items.c.quantity < 0,
            order_items.c.cancels_item_id.is_(None),
        )
        .distinct()
    )
    return sorted(connection.scalars(query))


def lines_of(connection: sa.Connection, source: str, customer_ids: Collection[str]) -> list[Row]:
    """Give every order line of some customers, with when it was ordered."""
    query = (
        sa.select(
            orders.c.customer_id,
            orders.c.placed_at,
            orders.c.total_minor,
            orders.c.status,
            *(order_items.c[name] for name in ("id", "order_id", "sku", "quantity", "unit_price_minor")),
            order_items.c.cancels_item_id,
        )
        .join(order_items, order_items.c.order_id == orders.c.id)
        .where(orders.c.source == source, orders.c.customer_id.in_(list(customer_ids)))
        .order_by(orders.c.customer_id, orders.c.placed_at)
    )
    return [dict(row) for row in connection.execute(query).mappings()]
