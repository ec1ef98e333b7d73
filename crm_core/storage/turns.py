"""The rows of `turns`: what the assistant made of a message, and how."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.conversations.outcome import MANNERS, MISSES
from crm_core.conversations.trace import without_personal_values
from crm_core.records.conversations import PendingTurn, Turn, TurnResult
from crm_core.storage.tables import messages, turns

Row = sa.Row[*tuple[Any, ...]]


def insert(connection: sa.Connection, turn: PendingTurn, result: TurnResult, at: datetime, *, suppressed: bool) -> None:
    """Keep a turn with its trace."""
    intent = result.trace.get("intent") or {}
    connection.execute(
        turns.insert().values(
            id=new_id(),
            conversation_id=turn.conversation.id,
            message_id=turn.message.id,
            intent=None if result.failed else intent.get("name"),
            confidence=None if result.failed else intent.get("confidence"),
            fallback=bool(result.trace.get("fallback")),
            suppressed=suppressed,
            failed=result.failed,
            trace=without_personal_values(result.trace),
            duration_ms=result.duration_ms,
            created_at=at,
        )
    )


def exists(connection: sa.Connection, message_id: str) -> bool:
    """Tell whether a message has had its turn."""
    return connection.scalar(sa.select(turns.c.id).where(turns.c.message_id == message_id)) is not None


def last_intent(connection: sa.Connection, conversation_id: str) -> str | None:
    """Give what the customer wanted last, manners and the wish for a person left out."""
    query = (
        sa.select(turns.c.intent)
        .where(turns.c.conversation_id == conversation_id, turns.c.intent.not_in([*MANNERS, *MISSES, "request_person"]))
        .order_by(turns.c.created_at.desc())
        .limit(1)
    )
    found: str | None = connection.scalar(query)
    return found


def open_form(connection: sa.Connection, conversation_id: str) -> str | None:
    """Give the form in which the last turn has left the conversation."""
    query = sa.select(turns.c.trace).where(turns.c.conversation_id == conversation_id, ~turns.c.suppressed)
    trace = connection.scalar(query.order_by(turns.c.created_at.desc()).limit(1))
    form: str | None = (trace or {}).get("active_loop")
    return form


def of_conversation(connection: sa.Connection, conversation_id: str) -> list[Turn]:
    """Give a conversation's turns in the order of the messages."""
    rows: Sequence[Row] = connection.execute(
        sa.select(turns)
        .join(messages, messages.c.id == turns.c.message_id)
        .where(turns.c.conversation_id == conversation_id)
        .order_by(messages.c.seq)
    ).all()
    return [
        Turn(
            id=row.id,
            message_id=row.message_id,
            intent=row.intent,
            confidence=row.confidence,
            fallback=row.fallback,
            suppressed=row.suppressed,
            failed=row.failed,
            trace=row.trace,
            duration_ms=row.duration_ms,
            created_at=row.created_at,
        )
        for row in rows
    ]
