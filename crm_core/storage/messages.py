"""The log: the rows of `messages`, their bodies sealed under the conversation's key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.conversations import Author, Body, Message
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.tables import conversations, messages
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]
_ERASED: Body = {"event": "erased"}
_UNHANDLED = sa.and_(
    messages.c.conversation_id == sa.bindparam("this"),
    messages.c.author == sa.literal_column(f"'{Author.CUSTOMER.value}'"),  # as the partial index has it
    messages.c.handled_at.is_(None),
)
_OLDEST_UNHANDLED = sa.select(messages).where(_UNHANDLED).order_by(messages.c.seq).limit(1)


@dataclass(frozen=True, slots=True)
class Draft:
    """A message before it has its place in the log."""

    author: Author
    body: Body
    agent_id: str | None = None
    external_id: str | None = None
    answers_id: str | None = None
    handled_at: datetime | None = None
    given_seq: int | None = None


def append(
    connection: sa.Connection, keys: KeyRing, conversation: Row, first_seq: int, drafts: Sequence[Draft], at: datetime
) -> list[Message]:
    """Write messages at their places; the caller has locked the conversation and counts `last_seq` up.

    Returns:
        The messages, or none at all where one's (channel, external id) is taken.
    """
    written = [
        Message(
            new_id(), conversation.id, seq, draft.author, draft.body, at, draft.agent_id, draft.external_id,
            draft.answers_id, given_seq=draft.given_seq,
        )
        for seq, draft in enumerate(drafts, first_seq)
    ]  # fmt: skip
    rows = [
        {
            "id": message.id,
            "conversation_id": conversation.id,
            "seq": message.seq,
            "author": message.author.value,
            "agent_id": message.agent_id,
            "channel": conversation.channel,
            "external_id": message.external_id,
            "body_encrypted": keys.seal(connection, conversation.key_id, json.dumps(message.body, ensure_ascii=False)),
            "answers_id": message.answers_id,
            "handled_at": draft.handled_at,
            "given_seq": draft.given_seq,
            "created_at": at,
        }
        for message, draft in zip(written, drafts, strict=True)
    ]
    if any(draft.external_id is not None for draft in drafts):
        return written if insert_or_ignore(connection, messages, rows) == len(rows) else []
    if rows:
        connection.execute(messages.insert(), rows)
    return written


def by_external_id(connection: sa.Connection, channel: str, external_id: str) -> Row | None:
    """Give the message that came under a sender's own id, with `key_id` and the sender as `party`."""
    return connection.execute(
        sa.select(messages, conversations.c.key_id, conversations.c.external_id.label("party"))
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.channel == channel, messages.c.external_id == external_id)
    ).one_or_none()


def after(connection: sa.Connection, conversation_id: str, seq: int, limit: int) -> Sequence[Row]:
    """Give the messages after a place in the log, in order, with `key_id`."""
    return connection.execute(
        sa.select(messages, conversations.c.key_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(messages.c.conversation_id == conversation_id, messages.c.seq > seq)
        .order_by(messages.c.seq)
        .limit(limit)
    ).all()


def last_of(connection: sa.Connection, conversation_id: str, authors: Sequence[Author], limit: int) -> Sequence[Row]:
    """Give the last messages by some authors, newest first, with `key_id`."""
    return connection.execute(
        sa.select(messages, conversations.c.key_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(
            messages.c.conversation_id == conversation_id, messages.c.author.in_([author.value for author in authors])
        )
        .order_by(messages.c.seq.desc())
        .limit(limit)
    ).all()


def oldest_unhandled(connection: sa.Connection, conversation_id: str) -> Row | None:
    """Give the customer's first message that nobody has taken up."""
    return connection.execute(_OLDEST_UNHANDLED, {"this": conversation_id}).one_or_none()


def mark_handled(connection: sa.Connection, conversation_id: str, at: datetime, message_id: str | None = None) -> int:
    """Note that one customer message, or each of a conversation, has been taken up; give how many were not before."""
    condition = _UNHANDLED if message_id is None else sa.and_(_UNHANDLED, messages.c.id == message_id)
    return connection.execute(
        messages.update().where(condition).values(handled_at=at), {"this": conversation_id}
    ).rowcount


def is_handled(connection: sa.Connection, message_id: str) -> bool:
    """Tell whether a message has been taken up."""
    return connection.scalar(sa.select(messages.c.handled_at).where(messages.c.id == message_id)) is not None


def when_by(connection: sa.Connection, conversation_id: str) -> list[tuple[Author, datetime]]:
    """Give who wrote when, in order, without what was said."""
    query = (
        sa.select(messages.c.author, messages.c.created_at)
        .where(messages.c.conversation_id == conversation_id)
        .order_by(messages.c.seq)
    )
    return [(Author(row.author), row.created_at) for row in connection.execute(query)]


def opened(connection: sa.Connection, keys: KeyRing, row: Row, key_id: str) -> Message:
    """Give a row as a message, its body opened; the body of an erased conversation says only that."""
    try:
        body = body_of(connection, keys, key_id, row.body_encrypted)
    except SubjectKeyGone:
        body = _ERASED
    return Message(
        id=row.id,
        conversation_id=row.conversation_id,
        seq=row.seq,
        author=Author(row.author),
        body=body,
        created_at=row.created_at,
        agent_id=row.agent_id,
        external_id=row.external_id,
        answers_id=row.answers_id,
        given_seq=row.given_seq,
    )


def body_of(connection: sa.Connection, keys: KeyRing, key_id: str, sealed: bytes) -> Body:
    """Open what a message says.

    Raises:
        SubjectKeyGone: Its customer was erased.
    """
    body: Body = json.loads(keys.open(connection, key_id, sealed))
    return body
