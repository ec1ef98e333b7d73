"""The rows of `privacy_requests`: what people asked to have done with their data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.references import new_reference
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


def of_deed(connection: sa.Connection, customer_ids: Sequence[str], kind: str, at: datetime) -> str:
    """Give the reference of the request that a deed fulfils; without one, write it down as asked for now."""
    query = sa.select(requests).where(requests.c.customer_id.in_(list(customer_ids)), requests.c.kind == kind)
    asked = connection.execute(query.where(requests.c.done_at.is_(None)).order_by(requests.c.requested_at)).first()
    if asked is not None and asked.detail.get("reference"):
        return str(asked.detail["reference"])
    reference = new_reference(kind)
    add(connection, customer_ids[0], kind, None, reference, at)
    return reference


def certify(connection: sa.Connection, reference: str, certificate: dict[str, Any]) -> None:
    """Keep the certificate of a deed with its request."""
    row = _by_reference(connection, reference)
    if row is not None:
        detail = {**row.detail, "certificate": certificate}
        connection.execute(requests.update().where(requests.c.id == row.id).values(detail=detail))


def certificate(connection: sa.Connection, reference: str) -> dict[str, Any] | None:
    """Give the certificate of a deed, where there is one."""
    row = _by_reference(connection, reference)
    found: dict[str, Any] | None = row.detail.get("certificate") if row is not None else None
    return found


def _by_reference(connection: sa.Connection, reference: str) -> Row | None:
    return connection.execute(
        sa.select(requests).where(requests.c.detail["reference"].as_string() == reference)
    ).first()
