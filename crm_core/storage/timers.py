"""The rows of `timers`: what happens by itself, and when."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm_core.conversations.timers import Timer
from crm_core.storage.tables import timers
from crm_core.storage.upsert import insert_or_ignore, upsert

_KEY = ["conversation_id", "kind"]


def wind_up(
    connection: sa.Connection, conversation_id: str, kind: Timer, due_at: datetime, *, anew: bool = True
) -> None:
    """Let a timer fire at a moment; without `anew` one that runs goes on as it is."""
    row = {"conversation_id": conversation_id, "kind": kind.value, "due_at": due_at}
    if anew:
        upsert(connection, timers, row, key=_KEY)
    else:
        insert_or_ignore(connection, timers, row)


def runs(connection: sa.Connection, conversation_id: str, kind: Timer) -> bool:
    """Tell whether a timer of a conversation runs."""
    return connection.scalar(sa.select(timers.c.kind).where(*_this(conversation_id, kind))) is not None


def stop(connection: sa.Connection, conversation_id: str, kind: Timer | None = None) -> None:
    """Stop a timer of a conversation; without a kind all of them but the snooze."""
    chosen = _this(conversation_id, kind) if kind else [timers.c.conversation_id == conversation_id, _NOT_SNOOZE]
    connection.execute(timers.delete().where(*chosen))


def due(connection: sa.Connection, at: datetime, limit: int) -> list[tuple[str, Timer]]:
    """Give the timers that are due, the longest first."""
    query = sa.select(timers.c.conversation_id, timers.c.kind).where(timers.c.due_at <= at)
    found = connection.execute(query.order_by(timers.c.due_at).limit(limit))
    return [(row.conversation_id, Timer(row.kind)) for row in found]


def fire(connection: sa.Connection, conversation_id: str, kind: Timer, at: datetime) -> bool:
    """Take a due timer away; whoever does acts on it in the same transaction, and nobody else does."""
    chosen = timers.delete().where(*_this(conversation_id, kind), timers.c.due_at <= at)
    return connection.execute(chosen).rowcount == 1


_NOT_SNOOZE = timers.c.kind != Timer.SNOOZE.value


def _this(conversation_id: str, kind: Timer) -> list[sa.ColumnElement[bool]]:
    return [timers.c.conversation_id == conversation_id, timers.c.kind == kind.value]
