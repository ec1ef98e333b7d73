"""Order look-ups that failed, kept so that guessing can be stopped.

They are counted by conversation, among the interactions, and by the contact that was tried, because whoever walks
through the order numbers of one contact can begin a new conversation for each.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.tables import interactions, lookup_failures

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
    """Keep that a look-up of a conversation failed; the number and the contact that were tried are not kept."""
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


def count_of_contact(connection: sa.Connection, indexes: Iterable[str], since: datetime) -> int:
    """Give how many look-ups with a contact failed since a moment, in whichever conversation.

    Args:
        connection: Where to look.
        indexes: The blind indexes that the contact may have; the one that failed most often counts.
        since: Earlier failures are forgotten.
    """
    table = lookup_failures.c
    query = (
        sa.select(sa.func.count())
        .where(table.contact_index.in_(sorted(indexes)), table.occurred_at > since)
        .group_by(table.contact_index)
    )
    return max(connection.scalars(query), default=0)


def add_of_contact(connection: sa.Connection, indexes: Iterable[str], at: datetime, since: datetime) -> None:
    """Keep that a look-up with a contact failed, and drop what is forgotten: nothing here outlives its use."""
    connection.execute(lookup_failures.delete().where(lookup_failures.c.occurred_at <= since))
    rows = [{"id": new_id(), "contact_index": index, "occurred_at": at} for index in sorted(indexes)]
    if rows:
        connection.execute(lookup_failures.insert(), rows)
