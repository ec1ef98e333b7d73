"""The rows of `handoffs`: each one wait for a person, from the wish to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.conversations import Owner
from crm_core.storage.tables import conversations, handoffs

Row = sa.Row[*tuple[Any, ...]]
_REASON_CHARS = 64
_IN_QUEUE = sa.and_(
    conversations.c.status == "open", conversations.c.owner == Owner.QUEUE.value, handoffs.c.ended_at.is_(None)
)


def start(
    connection: sa.Connection,
    conversation_id: str,
    reason: str,
    requested_by: str,
    requested_at: datetime,
    *,
    agent_id: str | None = None,
) -> None:
    """Begin a wait; with an agent it is over at once."""
    connection.execute(
        handoffs.insert().values(
            id=new_id(),
            conversation_id=conversation_id,
            reason=reason[:_REASON_CHARS],
            requested_by=requested_by,
            requested_at=requested_at,
            agent_id=agent_id,
            taken_at=None if agent_id is None else requested_at,
        )
    )


def of_conversation(connection: sa.Connection, conversation_id: str) -> Row | None:
    """Give the hand-off that has not ended."""
    return connection.execute(
        sa.select(handoffs).where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
    ).one_or_none()


def take(connection: sa.Connection, conversation_id: str, agent_id: str, at: datetime) -> int:
    """Note who came; give how many rows that concerned."""
    return connection.execute(
        handoffs.update()
        .where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
        .values(agent_id=agent_id, taken_at=at)
    ).rowcount


def end(connection: sa.Connection, conversation_id: str, exit_: str, at: datetime) -> None:
    """End the hand-off that has not ended, if there is one."""
    connection.execute(
        handoffs.update()
        .where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
        .values(ended_at=at, exit=exit_)
    )


def waiting(connection: sa.Connection) -> Sequence[Row]:
    """Give the conversations in the queue with `reason` and `requested_at`, the longest waiting first."""
    return connection.execute(
        sa.select(conversations, handoffs.c.reason, handoffs.c.requested_at)
        .join(handoffs, handoffs.c.conversation_id == conversations.c.id)
        .where(
            conversations.c.status == "open", conversations.c.owner == Owner.QUEUE.value, handoffs.c.ended_at.is_(None)
        )
        .order_by(handoffs.c.requested_at, handoffs.c.id)
    ).all()


def before(connection: sa.Connection, wish: Row) -> int:
    """Count the conversations in the queue before a hand-off's."""
    earlier = sa.or_(
        handoffs.c.requested_at < wish.requested_at,
        sa.and_(handoffs.c.requested_at == wish.requested_at, handoffs.c.id < wish.id),
    )
    query = (
        sa.select(sa.func.count())
        .select_from(handoffs.join(conversations, conversations.c.id == handoffs.c.conversation_id))
        .where(_IN_QUEUE, earlier)
    )
    return int(connection.scalar(query) or 0)


def taken_at(connection: sa.Connection, conversation_id: str) -> list[datetime]:
    """Give when a person came into a conversation, each time."""
    query = sa.select(handoffs.c.taken_at).where(
        handoffs.c.conversation_id == conversation_id, handoffs.c.taken_at.is_not(None)
    )
    return [moment for moment in connection.scalars(query) if moment is not None]
