"""The rows of `conversation_tags`."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm_core.storage.tables import conversation_tags
from crm_core.storage.upsert import insert_or_ignore


def add(connection: sa.Connection, conversation_id: str, tag: str, actor: str, at: datetime) -> bool:
    """Put a tag on a conversation; False where it is there already."""
    row = {"conversation_id": conversation_id, "tag": tag, "added_by": actor, "added_at": at}
    return insert_or_ignore(connection, conversation_tags, row) == 1


def remove(connection: sa.Connection, conversation_id: str, tag: str) -> bool:
    """Take a tag away; False where it was not there."""
    gone = conversation_tags.delete().where(
        conversation_tags.c.conversation_id == conversation_id, conversation_tags.c.tag == tag
    )
    return connection.execute(gone).rowcount == 1


def of_conversation(connection: sa.Connection, conversation_id: str) -> list[str]:
    """Give the tags of a conversation in the order in which they were put there."""
    query = sa.select(conversation_tags.c.tag).where(conversation_tags.c.conversation_id == conversation_id)
    return list(connection.scalars(query.order_by(conversation_tags.c.added_at, conversation_tags.c.tag)))


def most_used(connection: sa.Connection, limit: int) -> list[str]:
    """Give the tags that are used most, by name."""
    used = sa.func.count().desc()
    query = sa.select(conversation_tags.c.tag).group_by(conversation_tags.c.tag)
    return sorted(connection.scalars(query.order_by(used, conversation_tags.c.tag).limit(limit)))
