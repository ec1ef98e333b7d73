"""The rows of `deliveries`: the outbox of what leaves by e-mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.tables import agents, conversations, deliveries, messages

Row = sa.Row[*tuple[Any, ...]]
_ERROR_CHARS = 200
_UNDONE = sa.and_(deliveries.c.sent_at.is_(None), deliveries.c.dead_at.is_(None))


def add(connection: sa.Connection, message_id: str, sealed_address: bytes, at: datetime) -> None:
    """Put a message into the outbox; in the transaction that writes it."""
    row = {"id": new_id(), "message_id": message_id, "address_encrypted": sealed_address, "attempts": 0, "due_at": at}
    connection.execute(deliveries.insert().values(row))


def due(connection: sa.Connection, at: datetime, limit: int) -> list[str]:
    """Give what is to be tried now, the longest waiting first."""
    query = sa.select(deliveries.c.id).where(_UNDONE, deliveries.c.due_at <= at).order_by(deliveries.c.due_at)
    return list(connection.scalars(query.limit(limit)))


def lease(connection: sa.Connection, delivery_id: str, at: datetime, until: datetime) -> bool:
    """Take a delivery for one try; False where another gateway has it or it is done."""
    taken = (
        deliveries.update()
        .where(deliveries.c.id == delivery_id, _UNDONE, deliveries.c.due_at <= at)
        .values(due_at=until, attempts=deliveries.c.attempts + 1)
    )
    return connection.execute(taken).rowcount == 1


def by_id(connection: sa.Connection, delivery_id: str) -> Row:
    """Give a delivery with its message, `conversation_id`, `key_id`, `language` and `agent_name`."""
    return connection.execute(
        sa.select(
            deliveries,
            messages.c.conversation_id,
            messages.c.body_encrypted,
            conversations.c.key_id,
            conversations.c.language,
            agents.c.name.label("agent_name"),
        )
        .join(messages, messages.c.id == deliveries.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .join(agents, agents.c.id == messages.c.agent_id)
        .where(deliveries.c.id == delivery_id)
    ).one()


def end(connection: sa.Connection, delivery_id: str, **values: datetime | str | None) -> None:
    """Note how a try ended: `sent_at`, `dead_at`, or when it is `due_at` again; and the `error`."""
    error = values.get("error")
    kept = {**values, "error": str(error)[:_ERROR_CHARS] if error else None}
    connection.execute(deliveries.update().where(deliveries.c.id == delivery_id).values(**kept))


def dead(connection: sa.Connection, limit: int) -> Sequence[Row]:
    """Give what was given up, the newest first."""
    return connection.execute(
        sa.select(deliveries.c.id, deliveries.c.error, deliveries.c.dead_at, messages.c.conversation_id)
        .join(messages, messages.c.id == deliveries.c.message_id)
        .where(deliveries.c.dead_at.is_not(None))
        .order_by(deliveries.c.dead_at.desc())
        .limit(limit)
    ).all()
