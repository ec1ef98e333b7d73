"""The conversations of a run as the database has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.storage.tables import conversations, turns

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class LoggedLine:
    """A row of the log."""

    id: str
    seq: int
    author: str
    text: str  # of a line by the system, the name of the event
    written_at: datetime
    client_id: str | None = None  # the writer's own id
    answers_id: str | None = None
    turns: int = 0  # how many turns this message of a customer has had


@dataclass(frozen=True, slots=True)
class LoggedConversation:
    """A conversation with all its lines in order."""

    id: str
    channel: str
    party: str
    last_seq: int
    lines: list[LoggedLine] = field(default_factory=list)


def read_log(crm: Crm, parties: Iterable[tuple[str, str]]) -> list[LoggedConversation]:
    """Give the conversations of some customers, each customer's in the order in which they began."""
    wanted = set(parties)
    query = sa.select(conversations).order_by(conversations.c.opened_at, conversations.c.id)
    with crm.database.reading() as connection:
        rows = [row for row in connection.execute(query) if (row.channel, row.external_id) in wanted]
    return [LoggedConversation(row.id, row.channel, row.external_id, row.last_seq, _lines(crm, row.id)) for row in rows]


def unsettled(crm: Crm, parties: Iterable[tuple[str, str]]) -> int:
    """Count the customers who still wait for an answer or for a person, or who have one."""
    wanted = set(parties)
    waits = sa.or_(conversations.c.unanswered > 0, conversations.c.owner != "bot")
    query = sa.select(conversations.c.channel, conversations.c.external_id).where(
        conversations.c.status == "open", waits
    )
    with crm.database.reading() as connection:
        return len(wanted & {(row.channel, row.external_id) for row in connection.execute(query)})


def apologies(crm: Crm) -> int:
    """Count the turns that ended in an apology because no assistant answered."""
    with crm.database.reading() as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(turns).where(turns.c.failed)) or 0)


def _lines(crm: Crm, conversation_id: str) -> list[LoggedLine]:
    had = Counter(turn.message_id for turn in crm.conversations.turns(conversation_id))
    return [
        LoggedLine(
            id=message.id,
            seq=message.seq,
            author=message.author.value,
            text=str(message.body.get("event") or message.body.get("text") or ""),
            written_at=message.created_at,
            client_id=message.external_id and message.external_id.rpartition(":")[2],
            answers_id=message.answers_id,
            turns=had[message.id],
        )
        for message in crm.conversations.messages(conversation_id, limit=_ALL)
    ]
