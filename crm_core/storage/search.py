"""Queries on the blind index of what was said."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_core.records.conversations import Author
from crm_core.records.search import Where
from crm_core.storage.tables import conversations, handoffs, messages, search_positions, search_words, subject_keys
from crm_core.storage.upsert import insert_or_ignore, upsert

Row = sa.Row[*tuple[Any, ...]]
SPOKEN = (Author.CUSTOMER, Author.BOT, Author.AGENT)
_LATE = timedelta(hours=1)  # a message may be committed that much after the moment that it bears
_COUNTED = 2000  # how often a word is there is told up to this
_READ = 100  # rows fetched at a time


@dataclass(frozen=True, slots=True)
class Indexed:
    """What one conversation adds to the index."""

    conversation_id: str
    key_id: str
    seq: int  # how far it is read
    at: datetime  # of its last message
    words: frozenset[tuple[int, int]]  # word, seq


def behind(connection: sa.Connection, limit: int) -> Sequence[Row]:
    """Give conversations in which more was said than is indexed, those first in which it was said first.

    They are taken in the order of their last messages, so only what is younger than the last one indexed is looked at.
    """
    last = connection.scalar(sa.select(sa.func.max(search_positions.c.at)))
    query = (
        sa.select(conversations, sa.func.coalesce(search_positions.c.seq, 0).label("indexed_seq"))
        .outerjoin(search_positions, search_positions.c.conversation_id == conversations.c.id)
        .where(conversations.c.last_seq > sa.func.coalesce(search_positions.c.seq, 0))
        .order_by(conversations.c.last_message_at)
        .limit(limit)
    )
    if last is not None:
        query = query.where(conversations.c.last_message_at >= last - _LATE)
    return connection.execute(query).all()


def put(connection: sa.Connection, found: Sequence[Indexed]) -> None:
    """Write what conversations add; of one whose customer was erased meanwhile only that it was read."""
    living = _living(connection, [each.key_id for each in found])
    rows = [
        {"word": word, "conversation_id": each.conversation_id, "seq": seq}
        for each in found
        if each.key_id in living
        for word, seq in sorted(each.words)
    ]
    insert_or_ignore(connection, search_words, rows)
    positions = [{"conversation_id": each.conversation_id, "seq": each.seq, "at": each.at} for each in found]
    upsert(connection, search_positions, positions, key=["conversation_id"])


def _living(connection: sa.Connection, key_ids: Collection[str]) -> set[str]:
    """Give the keys that are not destroyed, and keep them from being so until the transaction ends."""
    query = sa.select(subject_keys.c.id).where(
        subject_keys.c.id.in_(list(key_ids)), subject_keys.c.wrapped_key.is_not(None)
    )
    return set(connection.scalars(query.with_for_update(read=True)))


def remove(connection: sa.Connection, conversation_ids: Collection[str]) -> int:
    """Take conversations out of the index; how far they were read stays, so that they are not read again.

    Returns:
        How many places of words went.
    """
    of_them = search_words.c.conversation_id.in_(list(conversation_ids))
    return connection.execute(search_words.delete().where(of_them)).rowcount


def rarest_first(connection: sa.Connection, words: Sequence[int]) -> list[int]:
    """Order words by how often they are there, so that few places are looked at."""

    def times(word: int) -> int:
        some = sa.select(sa.literal(1)).where(search_words.c.word == word).limit(_COUNTED).subquery()
        return connection.scalar(sa.select(sa.func.count()).select_from(some)) or 0

    return sorted(words, key=times)


def places(connection: sa.Connection, words: Sequence[int], where: Where) -> Generator[Row]:
    """Give the messages under all of some words, the newest conversation first, with `key_id` and `place_seq`.

    Args:
        connection: Open; the rows are fetched as they are wanted.
        words: At least one, the rarest first.
        where: What else must hold.
    """
    first = search_words.alias("first")
    found: sa.FromClause = first
    for number, word in enumerate(words[1:]):
        other = search_words.alias(f"other_{number}")
        same = (other.c.conversation_id == first.c.conversation_id) & (other.c.seq == first.c.seq)
        found = found.join(other, (other.c.word == word) & same)
    said = (messages.c.conversation_id == first.c.conversation_id) & (messages.c.seq == first.c.seq)
    found = found.join(messages, said).join(conversations, conversations.c.id == first.c.conversation_id)
    query = (
        sa.select(
            conversations,
            messages.c.seq.label("place_seq"),
            messages.c.author,
            messages.c.body_encrypted,
            messages.c.created_at.label("said_at"),
        )
        .select_from(found)
        .where(first.c.word == words[0], *_conditions(where))
        .order_by(first.c.conversation_id.desc(), first.c.seq.desc())
    )
    with connection.execute(query.execution_options(yield_per=_READ)) as rows:
        yield from rows


def _conditions(where: Where) -> Iterator[sa.ColumnElement[bool]]:
    if where.status is not None:
        yield conversations.c.status == where.status
    if where.channel is not None:
        yield conversations.c.channel == where.channel
    if where.agent_id is not None:
        had = sa.exists().where(handoffs.c.conversation_id == conversations.c.id, handoffs.c.agent_id == where.agent_id)
        yield sa.or_(conversations.c.agent_id == where.agent_id, had)
    if where.since is not None:
        yield messages.c.created_at >= where.since
    if where.before is not None:
        yield messages.c.created_at < where.before
