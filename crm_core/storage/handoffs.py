"""The rows of `handoffs`: each one wait for a person, from the wish to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.conversations import Owner
from crm_core.storage.profiling import refuses_profiling
from crm_core.storage.tables import conversations, feedback, handoffs, orders, scores

Row = sa.Row[*tuple[Any, ...]]
_REASON_CHARS = 64
_IN_QUEUE = sa.and_(
    conversations.c.status == "open", conversations.c.owner == Owner.QUEUE.value, handoffs.c.ended_at.is_(None)
)
_UPSET_REASONS = ("anger", "complaint")
_UPSET = sa.or_(
    handoffs.c.reason.in_(_UPSET_REASONS),
    sa.exists().where(feedback.c.conversation_id == conversations.c.id, feedback.c.sentiment == "negative"),
)
_ORDERS = sa.select(sa.func.count()).where(orders.c.customer_id == conversations.c.customer_id).scalar_subquery()
_INTENT = (
    sa.select(scores.c.value)
    .where(scores.c.customer_id == conversations.c.customer_id, scores.c.task == "purchase_intent")
    .where(~refuses_profiling(conversations.c.customer_id))
    .order_by(scores.c.as_of.desc())
    .limit(1)
    .scalar_subquery()
)
_WAITING = (
    sa.select(
        conversations,
        handoffs.c.reason,
        handoffs.c.requested_at,
        handoffs.c.skill,
        handoffs.c.team,
        handoffs.c.tried,
        handoffs.c.reply_due_at,
        _UPSET.label("upset"),
        _ORDERS.label("orders"),
        _INTENT.label("purchase_intent"),
    )
    .join(handoffs, handoffs.c.conversation_id == conversations.c.id)
    .where(_IN_QUEUE)
    .order_by(handoffs.c.requested_at, handoffs.c.id)
)


def start(
    connection: sa.Connection,
    conversation_id: str,
    reason: str,
    requested_by: str,
    requested_at: datetime,
    *,
    agent_id: str | None = None,
    **values: Any,
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
            **values,
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
        .values(agent_id=agent_id, taken_at=at, offered_to=None)
    ).rowcount


def end(connection: sa.Connection, conversation_id: str, exit_: str, at: datetime) -> None:
    """End the hand-off that has not ended, if there is one."""
    connection.execute(
        handoffs.update()
        .where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
        .values(ended_at=at, exit=exit_)
    )


def change(connection: sa.Connection, conversation_id: str, **values: Any) -> int:
    """Set columns of the hand-off that has not ended; give how many rows that concerned."""
    return connection.execute(
        handoffs.update()
        .where(handoffs.c.conversation_id == conversation_id, handoffs.c.ended_at.is_(None))
        .values(**values)
    ).rowcount


def replied(connection: sa.Connection, conversation_id: str, at: datetime) -> None:
    """Note the first reply of the person who came."""
    connection.execute(
        handoffs.update()
        .where(
            handoffs.c.conversation_id == conversation_id,
            handoffs.c.ended_at.is_(None),
            handoffs.c.first_reply_at.is_(None),
        )
        .values(first_reply_at=at)
    )


def waiting(connection: sa.Connection) -> Sequence[Row]:
    """Give the conversations in the queue with the columns of their wait, and what makes a wait urgent.

    Returns:
        Rows with `reason`, `requested_at`, `skill`, `team`, `tried`, `reply_due_at`, `upset`, `orders` and
        `purchase_intent`, the longest waiting first.
    """
    return connection.execute(_WAITING).all()


def offered_to(connection: sa.Connection, agent_id: str) -> Sequence[Row]:
    """Give the conversations that colleagues have offered to somebody."""
    return connection.execute(
        sa.select(conversations)
        .join(handoffs, handoffs.c.conversation_id == conversations.c.id)
        .where(handoffs.c.offered_to == agent_id, handoffs.c.ended_at.is_(None), conversations.c.status == "open")
        .order_by(handoffs.c.taken_at)
    ).all()


def last_agent(connection: sa.Connection, customer_id: str, since: datetime) -> str | None:
    """Give who served a customer last, since a moment."""
    query = (
        sa.select(handoffs.c.agent_id)
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(
            conversations.c.customer_id == customer_id, handoffs.c.agent_id.is_not(None), handoffs.c.taken_at >= since
        )
        .order_by(handoffs.c.taken_at.desc())
        .limit(1)
    )
    found: str | None = connection.scalar(query)
    return found


def recent_waits(connection: sa.Connection, since: datetime, limit: int) -> Sequence[Row]:
    """Give the last waits that are over: `requested_at`, `taken_at` and `ended_at`; an agent's own taking was none."""
    return connection.execute(
        sa.select(handoffs.c.requested_at, handoffs.c.taken_at, handoffs.c.ended_at)
        .where(
            handoffs.c.requested_at >= since,
            handoffs.c.requested_by != "agent",
            sa.or_(handoffs.c.taken_at.is_not(None), handoffs.c.ended_at.is_not(None)),
        )
        .order_by(handoffs.c.requested_at.desc())
        .limit(limit)
    ).all()


def taken_at(connection: sa.Connection, conversation_id: str) -> list[datetime]:
    """Give when a person came into a conversation, each time."""
    query = sa.select(handoffs.c.taken_at).where(
        handoffs.c.conversation_id == conversation_id, handoffs.c.taken_at.is_not(None)
    )
    return [moment for moment in connection.scalars(query) if moment is not None]
