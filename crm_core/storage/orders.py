"""The rows of `orders` and `order_items`: found by number or customer, changed by request."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.shop import Money, Order, OrderItem
from crm_core.storage.tables import identities, order_items, orders, products

Row = sa.Row[*tuple[Any, ...]]
NOBODY = "00000000-0000-0000-0000-000000000000"


def by_number(connection: sa.Connection, numbers: Collection[str]) -> Sequence[Row]:
    """Give every order with one of these spellings of a number (two shops may use the same)."""
    return connection.execute(
        sa.select(orders).where(orders.c.number.in_(list(numbers))).order_by(orders.c.placed_at.desc()).limit(10)
    ).all()


def owners_known_as(
    connection: sa.Connection, customer_ids: Iterable[str | None], indexes: Collection[str]
) -> set[str]:
    """Give those of some customers who are known under one of these blind indexes.

    It asks the database the same question whether or not there is anybody to ask for.
    """
    asked = [customer_id for customer_id in customer_ids if customer_id] or [NOBODY]
    query = sa.select(identities.c.customer_id).where(
        identities.c.customer_id.in_(asked),
        identities.c.kind.in_(("email", "phone")),
        identities.c.value_index.in_(list(indexes) or [""]),
        identities.c.valid_to.is_(None),
    )
    return set(connection.scalars(query))


def of_customer(connection: sa.Connection, customer_id: str, limit: int) -> list[Order]:
    """Give a customer's orders, the newest first."""
    rows = connection.execute(
        sa.select(orders)
        .where(orders.c.customer_id == customer_id)
        .order_by(orders.c.placed_at.desc(), orders.c.number.desc())
        .limit(limit)
    ).all()
    return with_items(connection, rows)


def latest_address(connection: sa.Connection, customer_id: str, but: str) -> bytes | None:
    """Give the sealed address of a customer's latest order that has one, another than the one of this number."""
    return connection.execute(
        sa.select(orders.c.address_encrypted)
        .where(orders.c.customer_id == customer_id, orders.c.number != but, orders.c.address_encrypted.is_not(None))
        .order_by(orders.c.placed_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def locked(connection: sa.Connection, order_id: str) -> Row:
    """Give an order that nobody else may change until the transaction ends."""
    return connection.execute(sa.select(orders).where(orders.c.id == order_id).with_for_update()).one()


def change(connection: sa.Connection, order_id: str, at: datetime, **values: Any) -> None:
    """Set columns of an order."""
    connection.execute(orders.update().where(orders.c.id == order_id).values(updated_at=at, **values))


def with_items(connection: sa.Connection, rows: Sequence[Row]) -> list[Order]:
    """Give order rows as orders with their items."""
    lines: dict[str, list[Row]] = defaultdict(list)
    if rows:
        query = (
            sa.select(order_items, products.c.title_zh)
            .outerjoin(products, products.c.id == order_items.c.product_id)
            .where(order_items.c.order_id.in_([row.id for row in rows]))
            .order_by(order_items.c.line)
        )
        for line in connection.execute(query):
            lines[line.order_id].append(line)
    return [_record(row, lines[row.id]) for row in rows]


def _record(row: Row, lines: Sequence[Row]) -> Order:
    return Order(
        id=row.id,
        number=row.number,
        customer_id=row.customer_id,
        status=row.status,
        placed_at=row.placed_at,
        total=Money(row.total_minor, row.currency),
        payment_method=row.payment_method,
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        expected_at=row.expected_at,
        delivered_at=row.delivered_at,
        items=tuple(
            OrderItem(
                line.sku,
                line.title,
                line.quantity,
                Money(line.unit_price_minor, row.currency),
                line.product_id,
                line.title_zh,
            )
            for line in lines
        ),
    )
