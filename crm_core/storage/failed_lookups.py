"""Order look-ups that failed, kept among the interactions so that guessing can be stopped."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.tables import interactions

NAME = "Order Lookup Failed"


def count(connection: sa.Connection, conversation_id: str, since: datetime) -> int:
    """Give how many look-ups of a conversation failed since a moment."""
    query = sa.select(sa.func.count()).where(
        interactions.c.conversation_id == conversation_id,
        interactions.c.customer_id.is_not(None),
        interactions.c.name == NAME,
        interactions.c.occurred_at > since,
    )
    return connection.scalar(query) or 0


def add(connection: sa.Connection, conversation_id: str, customer_id: str, channel: str, at: datetime) -> None:
    """Keep that a look-up failed; the number and the contact that were tried are not kept."""
    connection.execute(
        interactions.insert().values(
            id=new_id(),
            customer_id=customer_id,
            conversation_id=conversation_id,
            name=NAME,
            channel=channel,
            source="orders",
            properties={},
            occurred_at=at,
            received_at=at,
        )
    )
