"""Queries on suggested replies, and on the answered questions that they are taken from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.consent import Purpose
from crm_core.records.questions import Outcome
from crm_core.records.suggestions import Fate, Source
from crm_core.storage import customers
from crm_core.storage.consents import refuses
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.tables import conversations, orders, questions, subject_keys, suggestions
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]


def answered_by_people(connection: sa.Connection, language: str, but_conversation: str, limit: int) -> Sequence[Row]:
    """Give the questions that a person answered in other conversations, the newest first, with `key_id`."""
    query = (
        sa.select(questions, conversations.c.key_id, conversations.c.customer_id)
        .join(conversations, conversations.c.id == questions.c.conversation_id)
        .join(subject_keys, subject_keys.c.id == conversations.c.key_id)
        .where(
            questions.c.outcome == Outcome.PERSON.value,
            questions.c.reply_encrypted.is_not(None),
            questions.c.language == language,
            questions.c.conversation_id != but_conversation,
            subject_keys.c.wrapped_key.is_not(None),
            ~refuses(conversations.c.customer_id, Purpose.ANALYTICS),
        )
        .order_by(questions.c.asked_at.desc(), questions.c.id.desc())
        .limit(limit)
    )
    return connection.execute(query).all()


def known_of(connection: sa.Connection, keys: KeyRing, customer_id: str) -> list[str]:
    """Give what would tell who a customer is: their name, their address, their city, the numbers of their orders."""
    row = customers.by_id(connection, customer_id)
    found = list(_values(connection, keys, row))
    of_orders = sa.select(orders.c.number, orders.c.tracking_number, orders.c.address_encrypted).where(
        orders.c.customer_id == row.id
    )
    for order in connection.execute(of_orders):
        found += [value for value in (order.number, order.tracking_number) if value]
        found += _opened(connection, keys, row.key_id, order.address_encrypted)
    return found


def _values(connection: sa.Connection, keys: KeyRing, row: Row) -> Iterator[str]:
    for sealed in (row.name_encrypted, row.address_encrypted):
        yield from _opened(connection, keys, row.key_id, sealed)
    if row.city:
        yield row.city


def _opened(connection: sa.Connection, keys: KeyRing, key_id: str, sealed: bytes | None) -> list[str]:
    if sealed is None:
        return []
    try:
        text = keys.open(connection, key_id, sealed)
    except SubjectKeyGone:
        return []
    try:
        value = json.loads(text)
    except ValueError:
        return [text]
    return [str(part) for part in value.values() if part] if isinstance(value, dict) else [str(value)]


def show(
    connection: sa.Connection,
    conversation_id: str,
    message_id: str,
    agent_id: str,
    wanted: Sequence[tuple[Source, str]],
    at: datetime,
) -> dict[tuple[Source, str], Row]:
    """Note what is shown for a message, once each, and give the rows by source and reference."""
    fixed = {"conversation_id": conversation_id, "message_id": message_id, "agent_id": agent_id, "shown_at": at}
    rows = [{"id": new_id(), **fixed, "source": source.value, "reference": name} for source, name in wanted]
    insert_or_ignore(connection, suggestions, rows)
    found = connection.execute(sa.select(suggestions).where(suggestions.c.message_id == message_id))
    return {(Source(row.source), row.reference): row for row in found}


def decide(
    connection: sa.Connection, suggestion_id: str, agent_id: str, fate: Fate, at: datetime, *, sent: bool
) -> Row | None:
    """Note what an agent made of a suggestion; None where it was shown to nobody under that id."""
    values: dict[str, Any] = {"outcome": fate.value, "decided_at": at, "agent_id": agent_id}
    if sent:
        values["sent_at"] = at
    statement = suggestions.update().where(suggestions.c.id == suggestion_id).values(**values)
    return connection.execute(statement.returning(*suggestions.c)).one_or_none()
