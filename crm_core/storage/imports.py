"""Queries on the imports that were run, and on the lines that take back earlier ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.intake.cancellations import Line
from crm_core.storage.tables import customers, imports, order_items, orders, products

Row = dict[str, Any]
_LINE = ("id", "order_id", "sku", "quantity", "unit_price_minor")


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


def lines_to_match(connection: sa.Connection, source: str, customer_ids: Collection[str]) -> dict[str, list[Line]]:
    """Give by customer the cancellation lines of some customers, and all their lines with one of these SKUs."""
    theirs = (orders.c.source == source, orders.c.customer_id.in_(list(customer_ids)))
    columns = (*(order_items.c[name] for name in _LINE), orders.c.placed_at, order_items.c.cancels_item_id)
    joined = order_items.join(orders, orders.c.id == order_items.c.order_id)
    skus = sa.select(order_items.c.sku).select_from(joined).where(*theirs, order_items.c.quantity < 0)
    query = sa.select(orders.c.customer_id, *columns).select_from(joined).where(*theirs, order_items.c.sku.in_(skus))
    found: dict[str, list[Line]] = defaultdict(list)
    for customer_id, *values in connection.execute(query):
        found[customer_id].append(Line(*values))
    return found


def pieces_of(connection: sa.Connection, order_ids: Collection[str]) -> dict[str, tuple[int, int]]:
    """Give how many pieces were bought with each order, and its present total."""
    query = (
        sa.select(orders.c.id, sa.func.sum(order_items.c.quantity), orders.c.total_minor)
        .join(order_items, order_items.c.order_id == orders.c.id)
        .where(orders.c.id.in_(list(order_ids)), order_items.c.quantity > 0)
        .group_by(orders.c.id, orders.c.total_minor)
    )
    return {row[0]: (int(row[1]), row[2]) for row in connection.execute(query)}
