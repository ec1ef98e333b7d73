"""Who bought what, and what there is to buy: what the recommender learns from."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from crm_core.storage.profiling import refuses_profiling
from crm_core.storage.tables import order_items, orders, products

_ROWS = 20_000  # fetched at once
_NEWEST = 1_000_000  # lines; older ones say little of what is wanted now


def lines(connection: sa.Connection, until: datetime) -> pd.DataFrame:
    """Give the newest purchases before a moment: `customer`, `order`, `sku`, `at`.

    Whoever bought without an account counts as a customer of one order, and so does one who refuses profiling: what
    stood in one basket is known of nobody. Rows are read in pieces and names are kept once, so a million lines fit in
    little memory.
    """
    query = (
        sa.select(
            sa.case((refuses_profiling(orders.c.customer_id), None), else_=orders.c.customer_id).label("customer"),
            orders.c.id.label("order"),
            order_items.c.sku,
            orders.c.placed_at.label("at"),
        )
        .join(orders, orders.c.id == order_items.c.order_id)
        .where(orders.c.placed_at < until, orders.c.total_minor > 0, order_items.c.quantity > 0)
        .order_by(orders.c.placed_at.desc(), order_items.c.line)
        .limit(_NEWEST)
    )
    names: dict[str, str] = {}
    parts = []
    with connection.execution_options(stream_results=True).execute(query) as result:
        for rows in result.partitions(_ROWS):
            kept = [
                (
                    names.setdefault(who or order, who or order),
                    names.setdefault(order, order),
                    names.setdefault(sku, sku),
                    at,
                )
                for who, order, sku, at in rows
            ]
            parts.append(pd.DataFrame(kept, columns=["customer", "order", "sku", "at"]))
    if not parts:
        return pd.DataFrame(columns=["customer", "order", "sku", "at"])
    return pd.concat(parts, ignore_index=True)


def catalogue(connection: sa.Connection) -> pd.DataFrame:
    """Give the active products with their texts."""
    columns = ("sku", "category", "title_en", "title_zh", "description_en", "description_zh")
    query = sa.select(*(products.c[name] for name in columns)).where(products.c.active).order_by(products.c.sku)
    return pd.DataFrame(connection.execute(query).fetchall(), columns=list(columns))
