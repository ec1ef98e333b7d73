"""What was known of customers at a moment: the raw material of every score, read in batches of customers.

Nothing that happened, or reached us, at or after `as_of` is looked at. An order counts once it is placed: what became
of it later (cancelled, returned) was not known then and is not used; cancellation notes of imported shops, which are
worth nothing or less, are no orders. Money is given in units of the average order of its currency, so that shops with
different currencies can stand in one table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from crm_core.learning.contract import SEED
from crm_core.storage import persons
from crm_core.storage.profiling import refuses_profiling
from crm_core.storage.tables import customers, feedback, interactions, order_items, orders

BATCH = 5000
_LEARN_FROM = 50_000  # customers; more do not change what is learned
_LIVING = ("active", "anonymous")
_VIEW, _CART, _READ = "Product Viewed", ("Product Added", "Cart Viewed", "Checkout Started"), "Article Read"


@dataclass(frozen=True)
class Observed:
    """The span of time in which orders are known."""

    since: datetime
    until: datetime  # the moment after the newest order


def observed(connection: sa.Connection, now: datetime) -> Observed | None:
    """Tell since when and until when orders are known; None without any order."""
    query = sa.select(sa.func.min(orders.c.placed_at), sa.func.max(orders.c.placed_at)).where(
        orders.c.placed_at < now, orders.c.total_minor > 0
    )
    first, last = connection.execute(query).one()
    return None if first is None else Observed(first, min(last + timedelta(seconds=1), now))


def frames(connection: sa.Connection, as_of: datetime, size: int = BATCH) -> Iterator[pd.DataFrame]:
    """Give the customers of whom anything was known at a moment, batch after batch, as `next_frame` does."""
    after: str | None = None
    while (batch := next_frame(connection, as_of, after, size)) is not None:
        after, frame = batch
        yield frame


def next_frame(
    connection: sa.Connection, as_of: datetime, after: str | None, size: int = BATCH
) -> tuple[str, pd.DataFrame] | None:
    """Give one batch of customers.

    Args:
        connection: Where to read.
        as_of: The moment.
        after: The last customer of the batch before; None for the first batch.
        size: Customers looked at; those of whom nothing was known are left out of the frame.

    Returns:
        The last customer looked at, and a frame indexed by `customer_id` with the columns of `COLUMNS`; None when
        there is no customer left.
    """
    ids = _next_customers(connection, after, size)
    return (ids[-1], _frame(connection, as_of, ids, _typical_orders(connection, as_of))) if ids else None


def sample(connection: sa.Connection, as_of: datetime) -> pd.DataFrame:
    """Give the customers to learn from: all of a small shop, an even share of a large one."""
    total = customer_count(connection)
    share = min(1.0, _LEARN_FROM / max(total, 1))
    parts = [part if share == 1 else part.sample(frac=share, random_state=SEED) for part in frames(connection, as_of)]
    return pd.concat(parts) if parts else pd.DataFrame(columns=list(COLUMNS), dtype=float)


def customer_count(connection: sa.Connection) -> int:
    """Give how many customers there are to look at."""
    query = sa.select(sa.func.count()).select_from(customers).where(customers.c.status.in_(_LIVING))
    return connection.scalar(query) or 0


def bought_between(connection: sa.Connection, since: datetime, until: datetime) -> pd.Series[float]:
    """Give what each customer who ordered within [since, until) spent, in average orders of the currency."""
    typical = _typical_orders(connection, until)
    who = sa.func.coalesce(customers.c.merged_into, customers.c.id)
    query = (
        sa.select(who, orders.c.currency, _whole(sa.func.sum(orders.c.total_minor)))
        .join(customers, customers.c.id == orders.c.customer_id)
        .where(
            orders.c.placed_at >= since,
            orders.c.placed_at < until,
            orders.c.total_minor > 0,
        )
        .group_by(who, orders.c.currency)
    )
    rows = [(customer, spent / typical[currency]) for customer, currency, spent in connection.execute(query)]
    table = pd.DataFrame(rows, columns=["customer_id", "spent"])
    return table.groupby("customer_id")["spent"].sum()


COLUMNS = (
    *("days_since_order", "tenure_days", "orders", "orders_30", "orders_90", "orders_365"),
    *("spent", "spent_90", "spent_minor", "currency", "products", "items"),
    *("views_7", "views_30", "carts_7", "carts_30", "articles_30", "sessions_30", "days_since_visit", "complaints_90"),
)


@dataclass(frozen=True)
class _Some:
    """The people of a batch, each with all records that were merged into theirs.

    Attributes:
        first: The lowest id; what lies between without belonging to the batch is dropped on joining.
        last: The highest id.
        merged: The records that were merged into these; in most shops none.
    """

    first: str
    last: str
    merged: tuple[str, ...]

    def who(self, table: sa.Table) -> Any:
        """Give, in SQL, to whom a row belongs."""
        own = table.c.customer_id
        return sa.func.coalesce(customers.c.merged_into, own).label("customer_id") if self.merged else own

    def read(self, table: sa.Table) -> sa.FromClause:
        """Give, in SQL, where rows are read from."""
        return table.outerjoin(customers, customers.c.id == table.c.customer_id) if self.merged else table

    def ours(self, table: sa.Table) -> sa.ColumnElement[bool]:
        """Tell, in SQL, whether a row belongs to the batch."""
        column = table.c.customer_id
        between = column.between(self.first, self.last)
        return sa.or_(between, column.in_(self.merged)) if self.merged else between


def _frame(connection: sa.Connection, as_of: datetime, ids: list[str], typical: dict[str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(index=pd.Index(ids, name="customer_id"))
    some = _Some(ids[0], ids[-1], tuple(persons.merged_into(connection, ids[0], ids[-1])))
    parts = (
        _orders(connection, as_of, some, typical),
        _items(connection, as_of, some),
        _visits(connection, as_of, some),
        _complaints(connection, as_of, some),
    )
    for part in parts:
        frame = frame.join(part)
    seen = frame["orders"].notna() | frame["last_visit"].notna()
    frame = frame[seen]
    moment = pd.Timestamp(as_of)
    for moments, days in (("last_order", "days_since_order"), ("first_order", "tenure_days")):
        frame[days] = (moment - frame.pop(moments)).dt.total_seconds() / 86400
    frame["days_since_visit"] = (moment - frame.pop("last_visit")).dt.total_seconds() / 86400
    frame["currency"] = frame["currency"].astype(object).where(frame["currency"].notna(), None)
    counts = [name for name in COLUMNS if name != "currency" and not name.startswith(("days", "tenure"))]
    frame[counts] = frame[counts].astype(float).fillna(0.0)
    return frame[list(COLUMNS)]


def _orders(connection: sa.Connection, as_of: datetime, some: _Some, typical: dict[str, float]) -> pd.DataFrame:
    placed, total = orders.c.placed_at, orders.c.total_minor
    since = {days: as_of - timedelta(days=days) for days in (30, 90, 365)}
    query = (
        sa.select(
            some.who(orders),
            orders.c.currency,
            sa.func.min(placed).label("first_order"),
            sa.func.max(placed).label("last_order"),
            sa.func.count().label("orders"),
            *(_count(placed >= moment).label(f"orders_{days}") for days, moment in since.items()),
            _whole(sa.func.sum(total)).label("spent_minor"),
            _whole(sa.func.sum(sa.case((placed >= since[90], total), else_=0))).label("spent_90"),
        )
        .select_from(some.read(orders))
        .where(some.ours(orders), *_counted(as_of))
        .group_by(some.who(orders), orders.c.currency)
    )
    table = _read(connection, query, ("first_order", "last_order"))
    units = table["currency"].map(typical).astype(float)
    table["spent"] = table["spent_minor"].astype(float) / units
    table["spent_90"] = table["spent_90"].astype(float) / units
    return _one_row_each(table)


def _one_row_each(table: pd.DataFrame) -> pd.DataFrame:
    """Join the currencies of each customer: times and counts over all, the amount in the currency of most orders."""
    main = table.sort_values(["orders", "currency"]).groupby("customer_id")[["currency", "spent_minor"]].last()
    added = ["orders", "orders_30", "orders_90", "orders_365", "spent", "spent_90"]
    grouped = table.groupby("customer_id")
    return main.join([grouped["first_order"].min(), grouped["last_order"].max(), grouped[added].sum()])


def _items(connection: sa.Connection, as_of: datetime, some: _Some) -> pd.DataFrame:
    query = (
        sa.select(
            some.who(orders),
            sa.func.count(order_items.c.sku.distinct()).label("products"),
            _whole(sa.func.sum(order_items.c.quantity)).label("items"),
        )
        .select_from(some.read(orders))
        .join(order_items, order_items.c.order_id == orders.c.id)
        .where(some.ours(orders), *_counted(as_of), order_items.c.quantity > 0)
        .group_by(some.who(orders))
    )
    return _read(connection, query).set_index("customer_id")


def _visits(connection: sa.Connection, as_of: datetime, some: _Some) -> pd.DataFrame:
    at, name = interactions.c.occurred_at, interactions.c.name
    week, month = as_of - timedelta(days=7), as_of - timedelta(days=30)
    query = (
        sa.select(
            some.who(interactions),
            sa.func.max(at).label("last_visit"),
            _count(sa.and_(name == _VIEW, at >= week)).label("views_7"),
            _count(sa.and_(name == _VIEW, at >= month)).label("views_30"),
            _count(sa.and_(name.in_(_CART), at >= week)).label("carts_7"),
            _count(sa.and_(name.in_(_CART), at >= month)).label("carts_30"),
            _count(sa.and_(name == _READ, at >= month)).label("articles_30"),
            sa.func.count(sa.case((at >= month, interactions.c.session_id)).distinct()).label("sessions_30"),
        )
        .select_from(some.read(interactions))
        .where(
            some.ours(interactions),
            at < as_of,
            interactions.c.received_at < as_of,
            name.in_((_VIEW, *_CART, _READ)),
        )
        .group_by(some.who(interactions))
    )
    return _read(connection, query, ("last_visit",)).set_index("customer_id")


def _complaints(connection: sa.Connection, as_of: datetime, some: _Some) -> pd.DataFrame:
    query = (
        sa.select(some.who(feedback), sa.func.count().label("complaints_90"))
        .select_from(some.read(feedback))
        .where(
            some.ours(feedback),
            feedback.c.sentiment == "negative",
            feedback.c.created_at < as_of,
            feedback.c.created_at >= as_of - timedelta(days=90),
        )
        .group_by(some.who(feedback))
    )
    return _read(connection, query).set_index("customer_id")


def _next_customers(connection: sa.Connection, after: str | None, size: int) -> list[str]:
    """Give the ids of the next batch; customers who refused profiling, and erased or merged ones, are left out."""
    query = sa.select(customers.c.id).where(
        customers.c.status.in_(_LIVING),
        ~refuses_profiling(customers.c.id),
    )
    if after is not None:
        query = query.where(customers.c.id > after)
    return list(connection.scalars(query.order_by(customers.c.id).limit(size)))


def _typical_orders(connection: sa.Connection, as_of: datetime) -> dict[str, float]:
    query = (
        sa.select(orders.c.currency, sa.cast(sa.func.avg(orders.c.total_minor), sa.Float))
        .where(orders.c.placed_at < as_of, orders.c.total_minor > 0)
        .group_by(orders.c.currency)
    )
    return {currency: float(mean) for currency, mean in connection.execute(query)}


def _counted(as_of: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return orders.c.placed_at < as_of, orders.c.total_minor > 0


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return _whole(sa.func.sum(sa.case((condition, 1), else_=0)))


def _whole(value: sa.ColumnElement[Any]) -> sa.ColumnElement[int]:
    """Make PostgreSQL's numeric sums whole numbers, as they are on SQLite."""
    return sa.cast(value, sa.BigInteger)


def _read(connection: sa.Connection, query: sa.Select[Any], moments: tuple[str, ...] = ()) -> pd.DataFrame:
    result = connection.execute(query)
    table = pd.DataFrame(result.fetchall(), columns=list(result.keys()))
    for name in moments:
        table[name] = pd.to_datetime(table[name], utc=True)
    return table
