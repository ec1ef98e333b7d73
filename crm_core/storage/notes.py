"""The rows of `notes` and `note_mentions`; texts are sealed under the conversation's key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.desk import Mention, Note
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.tables import conversations, note_mentions, notes

Row = sa.Row[*tuple[Any, ...]]
_NOTES = sa.select(notes, conversations.c.key_id).join(conversations, conversations.c.id == notes.c.conversation_id)


def add(connection: sa.Connection, keys: KeyRing, conversation: Row, note: Note) -> None:
    """Write a note and whom it mentions."""
    connection.execute(
        notes.insert().values(
            id=note.id,
            conversation_id=note.conversation_id,
            agent_id=note.agent_id,
            after_seq=note.after_seq,
            text_encrypted=keys.seal(connection, conversation.key_id, note.text),
            created_at=note.created_at,
        )
    )
    if note.mentions:
        connection.execute(
            note_mentions.insert(), [{"note_id": note.id, "agent_id": agent_id} for agent_id in note.mentions]
        )


def of_conversation(connection: sa.Connection, keys: KeyRing, conversation_id: str) -> list[Note]:
    """Give the notes of a conversation in their order."""
    rows = connection.execute(
        _NOTES.where(notes.c.conversation_id == conversation_id).order_by(notes.c.created_at, notes.c.id)
    ).all()
    whom = _mentions_in(connection, [row.id for row in rows])
    return [_opened(connection, keys, row, whom.get(row.id, ())) for row in rows]


def of_mentioned(connection: sa.Connection, keys: KeyRing, agent_id: str, limit: int) -> list[Mention]:
    """Give the notes in which somebody is mentioned: those not read yet first, then the newest."""
    rows = connection.execute(
        _NOTES.add_columns(note_mentions.c.read_at)
        .join(note_mentions, note_mentions.c.note_id == notes.c.id)
        .where(note_mentions.c.agent_id == agent_id)
        .order_by(note_mentions.c.read_at.is_not(None), notes.c.created_at.desc(), notes.c.id.desc())
        .limit(limit)
    ).all()
    return [Mention(_opened(connection, keys, row, (agent_id,)), read=row.read_at is not None) for row in rows]


def read(connection: sa.Connection, agent_id: str, conversation_id: str, at: datetime) -> int:
    """Note that somebody has seen where a conversation's notes mention them; give how many they had not seen."""
    here = sa.select(notes.c.id).where(notes.c.conversation_id == conversation_id)
    return connection.execute(
        note_mentions.update()
        .where(
            note_mentions.c.agent_id == agent_id, note_mentions.c.read_at.is_(None), note_mentions.c.note_id.in_(here)
        )
        .values(read_at=at)
    ).rowcount


def _mentions_in(connection: sa.Connection, note_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    query = sa.select(note_mentions.c.note_id, note_mentions.c.agent_id).where(note_mentions.c.note_id.in_(note_ids))
    for note_id, agent_id in connection.execute(query.order_by(note_mentions.c.agent_id)):
        found[note_id] = (*found.get(note_id, ()), agent_id)
    return found


def _opened(connection: sa.Connection, keys: KeyRing, row: Row, mentions: tuple[str, ...]) -> Note:
    try:
        text = keys.open(connection, row.key_id, row.text_encrypted)
    except SubjectKeyGone:
        text = ""
    return Note(row.id, row.conversation_id, row.agent_id, row.after_seq, text, row.created_at, mentions)
