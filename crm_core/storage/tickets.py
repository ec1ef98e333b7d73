"""The rows of `tickets`: customers to whom an answer is owed although nobody came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.conversations import Author
from crm_core.storage.tables import conversations, messages, tickets
from crm_core.storage.upsert import insert_or_ignore, upsert

Row = sa.Row[*tuple[Any, ...]]


def begin(connection: sa.Connection, conversation_id: str, reason: str, at: datetime) -> None:
    """Open a ticket; a conversation that has one open keeps that one."""
    row = {"id": new_id(), "conversation_id": conversation_id, "reason": reason, "created_at": at}
    insert_or_ignore(connection, tickets, row)


def leave_contact(
    connection: sa.Connection, conversation_id: str, reason: str, sealed_contact: bytes, at: datetime
) -> None:
    """Open a conversation's ticket with a contact, or put the contact on the one that is open."""
    ticket = {
        "id": new_id(),
        "conversation_id": conversation_id,
        "reason": reason,
        "contact_encrypted": sealed_contact,
        "created_at": at,
    }
    upsert(
        connection,
        tickets,
        ticket,
        key=["conversation_id"],
        update=["contact_encrypted"],
        where="answered_at IS NULL",
    )


def answer(connection: sa.Connection, conversation_id: str, agent_id: str | None, at: datetime) -> int:
    """Close the open ticket of a conversation; give how many there were."""
    return connection.execute(
        tickets.update()
        .where(tickets.c.conversation_id == conversation_id, tickets.c.answered_at.is_(None))
        .values(answered_at=at, agent_id=agent_id)
    ).rowcount


def owed_to(connection: sa.Connection, customer_id: str) -> Sequence[Row]:
    """Give the open tickets of a customer, the oldest first."""
    return connection.execute(
        sa.select(tickets)
        .join(conversations, conversations.c.id == tickets.c.conversation_id)
        .where(conversations.c.customer_id == customer_id, tickets.c.answered_at.is_(None))
        .order_by(tickets.c.created_at)
    ).all()


def is_open(connection: sa.Connection, conversation_id: str) -> bool:
    """Tell whether an answer is owed in a conversation."""
    query = sa.select(tickets.c.id).where(tickets.c.conversation_id == conversation_id, tickets.c.answered_at.is_(None))
    return connection.scalar(query) is not None


def address_of(connection: sa.Connection, conversation_id: str) -> bytes | None:
    """Give where a customer wants the answer who has left and not written since; sealed as it was kept."""
    back = sa.exists().where(
        messages.c.conversation_id == tickets.c.conversation_id,
        messages.c.author == Author.CUSTOMER.value,
        messages.c.created_at > tickets.c.created_at,
    )
    found: bytes | None = connection.scalar(
        sa.select(tickets.c.contact_encrypted)
        .where(tickets.c.conversation_id == conversation_id, tickets.c.answered_at.is_(None), ~back)
        .limit(1)
    )
    return found


def unanswered(connection: sa.Connection, limit: int) -> Sequence[Row]:
    """Give the open tickets with `key_id` and `customer_id` of their conversations, the oldest first."""
    return connection.execute(
        sa.select(tickets, conversations.c.key_id, conversations.c.customer_id)
        .join(conversations, conversations.c.id == tickets.c.conversation_id)
        .where(tickets.c.answered_at.is_(None))
        .order_by(tickets.c.created_at)
        .limit(limit)
    ).all()
