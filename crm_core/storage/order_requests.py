"""The rows of `order_requests`: what customers asked to have done with an order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.shop import OrderRequest
from crm_core.storage.tables import order_requests as requests
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]


def record(row: Row) -> OrderRequest:
    """Give a row as a request."""
    return OrderRequest(row.id, row.reference, row.order_id, row.kind, row.status, row.reason, row.created_at)


def insert(connection: sa.Connection, values: dict[str, Any]) -> Row:
    """Add a request, or give the open one of the same order and kind where there is one already."""
    insert_or_ignore(connection, requests, values)
    row = connection.execute(sa.select(requests).where(requests.c.id == values["id"])).one_or_none()
    return row if row is not None else latest(connection, values["order_id"], values["kind"], status="open")[0]


def latest(connection: sa.Connection, order_id: str, *kinds: str, status: str | None = None) -> Sequence[Row]:
    """Give the requests of some kinds for an order (of all kinds without any), the newest first."""
    query = sa.select(requests).where(requests.c.order_id == order_id)
    if kinds:
        query = query.where(requests.c.kind.in_(kinds))
    if status:
        query = query.where(requests.c.status == status)
    return connection.execute(query.order_by(requests.c.created_at.desc(), requests.c.id.desc())).all()


def of_customer(connection: sa.Connection, customer_id: str) -> Sequence[Row]:
    """Give everything that a customer asked for, the newest first."""
    query = sa.select(requests).where(requests.c.customer_id == customer_id)
    return connection.execute(query.order_by(requests.c.created_at.desc(), requests.c.id.desc())).all()


def change(connection: sa.Connection, request_id: str, **values: Any) -> None:
    """Set columns of a request."""
    connection.execute(requests.update().where(requests.c.id == request_id).values(**values))


def finish(connection: sa.Connection, order_id: str, at: datetime, status: str) -> None:
    """End every open request for an order, because the order itself has ended."""
    connection.execute(
        requests.update()
        .where(requests.c.order_id == order_id, requests.c.status == "open")
        .values(status=status, done_at=at)
    )
