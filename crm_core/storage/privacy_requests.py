"""The rows of `privacy_requests`: what people asked to have done with their data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.tables import privacy_requests as requests

Row = sa.Row[*tuple[Any, ...]]


def open_ones(connection: sa.Connection, customer_id: str | None = None, kind: str | None = None) -> Sequence[Row]:
    """Give the requests that have not been done, the oldest first."""
    query = sa.select(requests).where(requests.c.done_at.is_(None)).order_by(requests.c.requested_at, requests.c.id)
    if customer_id is not None:
        query = query.where(requests.c.customer_id == customer_id)
    if kind is not None:
        query = query.where(requests.c.kind == kind)
    return connection.execute(query).all()


def add(
    connection: sa.Connection, customer_id: str, kind: str, conversation_id: str | None, reference: str, at: datetime
) -> None:
    """Write a request down."""
    connection.execute(
        requests.insert().values(
            id=new_id(),
            customer_id=customer_id,
            kind=kind,
            conversation_id=conversation_id,
            requested_at=at,
            detail={"reference": reference},
        )
    )


def finish(connection: sa.Connection, customer_ids: Sequence[str], kinds: Sequence[str], at: datetime) -> int:
    """Note that the open requests of some kinds have been done; give how many there were."""
    return connection.execute(
        requests.update()
        .where(
            requests.c.customer_id.in_(list(customer_ids)),
            requests.c.kind.in_(list(kinds)),
            requests.c.done_at.is_(None),
        )
        .values(done_at=at)
    ).rowcount
