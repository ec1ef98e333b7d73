"""Queries on complaints, praise and suggestions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.voice import FeedbackEntry
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.tables import conversations, customers, feedback
from crm_core.storage.upsert import insert_or_ignore


def key_for(connection: sa.Connection, keys: KeyRing, customer_id: str | None) -> str:
    """Give the key that seals a feedback text: its customer's, or a fresh one where nobody is known."""
    if customer_id is not None:
        key_id: str | None = connection.scalar(sa.select(customers.c.key_id).where(customers.c.id == customer_id))
        if key_id is not None:
            return key_id
    return keys.create(connection)


def customer_of(connection: sa.Connection, conversation_id: str) -> str | None:
    """Give the customer of a conversation."""
    query = sa.select(conversations.c.customer_id).where(conversations.c.id == conversation_id)
    found: str | None = connection.scalar(query)
    return found


def add(connection: sa.Connection, values: dict[str, Any]) -> bool:
    """Keep one feedback; False when the same one had been kept before."""
    return insert_or_ignore(connection, feedback, values) > 0


def by_external_id(connection: sa.Connection, keys: KeyRing, source: str, external_id: str) -> FeedbackEntry | None:
    """Give the feedback that a source knows under an id."""
    query = sa.select(feedback).where(feedback.c.source == source, feedback.c.external_id == external_id)
    row = connection.execute(query).mappings().one_or_none()
    return _entry(connection, keys, row) if row else None


def of_customer(connection: sa.Connection, keys: KeyRing, customer_id: str, limit: int) -> list[FeedbackEntry]:
    """Give a customer's feedback, newest first."""
    query = (
        sa.select(feedback)
        .where(feedback.c.customer_id == customer_id)
        .order_by(feedback.c.created_at.desc(), feedback.c.id.desc())
        .limit(limit)
    )
    return [_entry(connection, keys, row) for row in connection.execute(query).mappings()]


def complained_since(connection: sa.Connection, customer_id: str, since: datetime) -> bool:
    """Tell whether a customer has said something negative since a moment."""
    query = sa.select(feedback.c.id).where(
        feedback.c.customer_id == customer_id, feedback.c.sentiment == "negative", feedback.c.created_at >= since
    )
    return connection.scalar(query.limit(1)) is not None


def _entry(connection: sa.Connection, keys: KeyRing, row: Any) -> FeedbackEntry:
    try:
        text: str | None = keys.open(connection, row["key_id"], row["text_encrypted"])
    except SubjectKeyGone:
        text = None
    return FeedbackEntry(
        id=row["id"],
        customer_id=row["customer_id"],
        conversation_id=row["conversation_id"],
        source=row["source"],
        text=text,
        language=row["language"],
        category=row["category"],
        sentiment=row["sentiment"],
        serious=row["serious"],
        words=tuple((word, weight) for word, weight in row["reasons"]),
        rating=row["rating"],
        model_version=row["model_version"],
        created_at=row["created_at"],
    )
