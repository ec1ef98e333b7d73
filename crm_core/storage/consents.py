"""The rows of `consents`: what a customer agreed to, each answer kept, the last one valid."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.tables import consents


def current(connection: sa.Connection, customer_id: str) -> dict[str, bool]:
    """Give a customer's last answer for each purpose that they were asked about."""
    query = (
        sa.select(consents.c.purpose, consents.c.granted)
        .where(consents.c.customer_id == customer_id)
        .order_by(consents.c.given_at, consents.c.id)
    )
    return {row.purpose: row.granted for row in connection.execute(query)}


def append(connection: sa.Connection, customer_id: str, purpose: str, granted: bool, source: str, at: datetime) -> None:
    """Keep an answer."""
    connection.execute(
        consents.insert().values(
            id=new_id(), customer_id=customer_id, purpose=purpose, granted=granted, source=source, given_at=at
        )
    )
