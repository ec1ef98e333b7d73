"""All that the database holds about one person: read whole for an export, and erased."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.privacy.needles import Needles
from crm_core.storage import search
from crm_core.storage import tables as t
from crm_core.storage.keys import KeyRing, SubjectKeyGone

Person = Sequence[str]
"""The ids that one person has: their own, and those that were merged into it."""


@dataclass(frozen=True)
class _Part:
    """One table's share of a person's data.

    Args:
        table: Where it lies.
        of: The column that leads to the person.
        through: The table whose `id` that column names, where it is not the customers' own.
        hidden: Columns that say nothing to a person.
    """

    table: sa.Table
    of: str = "customer_id"
    through: sa.Table | None = None
    hidden: tuple[str, ...] = ("id", "key_id", "customer_id")


_PARTS = {
    "profile": _Part(t.customers, "id"),
    "identities": _Part(t.identities, hidden=("id", "customer_id", "value_index")),
    "consents": _Part(t.consents),
    "privacy_requests": _Part(t.privacy_requests),
    "orders": _Part(t.orders, hidden=("customer_id", "email_index", "phone_index")),
    "order_items": _Part(t.order_items, "order_id", t.orders, ("id", "product_id")),
    "order_requests": _Part(t.order_requests),
    "conversations": _Part(t.conversations, hidden=("customer_id", "key_id", "lease_holder", "lease_until")),
    "messages": _Part(t.messages, "conversation_id", t.conversations, ("id", "agent_id", "answers_id", "given_seq")),
    "turns": _Part(t.turns, "conversation_id", t.conversations, ("id", "message_id", "trace")),
    "handoffs": _Part(t.handoffs, "conversation_id", t.conversations, ("id", "agent_id")),
    "attachments": _Part(t.attachments, "conversation_id", t.conversations),
    "tickets": _Part(t.tickets, "conversation_id", t.conversations, ("id", "agent_id")),
    "notes": _Part(t.notes, "conversation_id", t.conversations, ("id", "agent_id")),
    "tags": _Part(t.conversation_tags, "conversation_id", t.conversations, ("added_by",)),
    "activity": _Part(t.activity, "conversation_id", t.conversations, ("id", "actor")),
    "ratings": _Part(t.ratings, "conversation_id", t.conversations, ("id",)),
    "questions": _Part(t.questions, "conversation_id", t.conversations, ("id", "message_id", "follows_id", "topic_id")),
    "feedback": _Part(t.feedback),
    "interactions": _Part(t.interactions),
    "imported_rows": _Part(t.raw_records, hidden=("id", "import_id", "customer_id", "key_id", "content_hash")),
    "quality": _Part(t.quality_issues, hidden=("id", "import_id", "customer_id", "key_id")),
    "scores": _Part(t.scores),
    "recommendations": _Part(t.recommendations_served),
    "likeness_keys": _Part(t.likeness_keys),
}


def ids_of(connection: sa.Connection, customer_id: str) -> Person:
    """Give every id that a person has, however often they were merged."""
    found, newest = [customer_id], [customer_id]
    while newest:
        into = t.customers.c.merged_into.in_(newest)
        newest = [each for each in connection.scalars(sa.select(t.customers.c.id).where(into)) if each not in found]
        found += newest
    return found


def places_of(connection: sa.Connection, person: Person) -> tuple[list[str], list[str]]:
    """Give the ids of a person's conversations, and of the files that they sent in them."""
    talks = list(
        connection.scalars(sa.select(t.conversations.c.id).where(t.conversations.c.customer_id.in_(list(person))))
    )
    files = connection.scalars(sa.select(t.attachments.c.id).where(t.attachments.c.conversation_id.in_(talks)))
    return talks, list(files)


def indexes_of(connection: sa.Connection, person: Person) -> list[str]:
    """Give the blind indexes by which a person is or was found."""
    of_them = t.identities.c.customer_id.in_(list(person))
    return list(connection.scalars(sa.select(t.identities.c.value_index).where(of_them)))


def ever_known_as(connection: sa.Connection, kind: str, value_index: str) -> set[str]:
    """Give the customers who are or were known by an identity."""
    known = (t.identities.c.kind == kind) & (t.identities.c.value_index == value_index)
    return set(connection.scalars(sa.select(t.identities.c.customer_id).where(known)))


def with_id_or_sender(connection: sa.Connection, text: str) -> set[str]:
    """Give the customer who has an id, or those who wrote as some sender of a channel."""
    wrote = sa.select(t.conversations.c.customer_id).where(t.conversations.c.external_id == text)
    found = set(connection.scalars(wrote))
    try:
        customer_id = str(uuid.UUID(text))
    except ValueError:
        return found
    return found | set(connection.scalars(sa.select(t.customers.c.id).where(t.customers.c.id == customer_id)))


def counts(connection: sa.Connection, person: Person) -> dict[str, int]:
    """Give how many rows of each kind of data there are of a person."""
    found = {name: sum(1 for _ in _rows(connection, part, person)) for name, part in _PARTS.items()}
    return {name: count for name, count in found.items() if count}


def collect(connection: sa.Connection, keys: KeyRing, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Give everything about a person, opened, as JSON can hold it."""
    return {name: [_readable(connection, keys, part, row) for row in _rows(connection, part, person)]
            for name, part in _PARTS.items()}  # fmt: skip


def _owner(part: _Part) -> sa.ColumnElement[str]:
    """Give the column with the customer to whom a row of this part belongs."""
    return part.through.c.customer_id if part.through is not None else part.table.c[part.of]


def _rows(connection: sa.Connection, part: _Part, person: Person) -> Iterable[sa.RowMapping]:
    key = part.table.c.get("key_id")
    if key is None:
        key = part.through.c.get("key_id") if part.through is not None else None
    query = sa.select(part.table, (t.customers.c.key_id if key is None else key).label("sealed_under"))
    if part.through is not None:
        query = query.join(part.through, part.through.c.id == part.table.c[part.of])
    if key is None:
        query = query.join(t.customers, t.customers.c.id == _owner(part))
    ordered = query.where(_owner(part).in_(list(person))).order_by(*part.table.primary_key.columns)
    return connection.execute(ordered).mappings()


def _readable(connection: sa.Connection, keys: KeyRing, part: _Part, row: sa.RowMapping) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for column in part.table.columns.keys():  # noqa: SIM118 - a collection of columns, whose iteration gives columns
        if column in part.hidden or row[column] is None:
            continue
        name, sealed = column.removesuffix("_encrypted"), column.endswith("_encrypted")
        value = _opened(connection, keys, row["sealed_under"], row[column]) if sealed else row[column]
        shown[name] = value.isoformat() if isinstance(value, datetime) else value
    return shown


def _opened(connection: sa.Connection, keys: KeyRing, key_id: str, sealed: bytes) -> Any:
    try:
        text = keys.open(connection, key_id, sealed)
    except SubjectKeyGone:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def erase(connection: sa.Connection, keys: KeyRing, person: Person, at: datetime, needles: Needles) -> dict[str, int]:
    """Destroy every key of a person, and every value that would still tell who it was.

    What happened stays without a name (orders for the books, figures for the reports); who it was cannot be found.

    Args:
        connection: A transaction.
        keys: The keys.
        person: Every id that they have.
        at: When.
        needles: Their plain values: a report of theirs in which one stands goes as a whole.

    Returns:
        How many of what went.
    """
    ours = list(person)
    talks, files = places_of(connection, person)
    indexes = indexes_of(connection, person)
    key_ids = _keys_of(connection, ours)
    for key_id in key_ids:
        keys.destroy(connection, key_id)
    gone = {"keys": len(key_ids), "identities": len(indexes)}
    gone["search words"] = search.remove(connection, talks)  # after the keys: nothing can be added any more
    gone["attachments"] = _delete(connection, t.attachments, t.attachments.c.id.in_(files))
    gone["tags"] = _delete(connection, t.conversation_tags, t.conversation_tags.c.conversation_id.in_(talks))
    gone["interactions"] = _delete(
        connection, t.interactions, t.interactions.c.id.in_(_telling(connection, ours, needles))
    )
    gone["failed look-ups"] = _delete(connection, t.lookup_failures, t.lookup_failures.c.contact_index.in_(indexes))
    _delete(connection, t.identities, t.identities.c.customer_id.in_(ours))
    _delete(connection, t.likeness_keys, t.likeness_keys.c.customer_id.in_(ours))
    for table, condition, values in _leftovers(ours, talks, indexes):
        connection.execute(table.update().where(condition).values(**values))
    for talk in talks:
        connection.execute(
            t.conversations.update().where(t.conversations.c.id == talk).values(external_id=f"erased-{talk}")
        )
    connection.execute(
        t.customers.update()
        .where(t.customers.c.id.in_(ours), t.customers.c.status != "merged")
        .values(status="erased", last_seen_at=at)
    )
    return {what: count for what, count in gone.items() if count}


def _delete(connection: sa.Connection, table: sa.Table, condition: sa.ColumnElement[bool]) -> int:
    return connection.execute(table.delete().where(condition)).rowcount


def _telling(connection: sa.Connection, ours: list[str], needles: Needles) -> list[str]:
    """Give the ids of interactions in which a value of the person stands; they cannot be changed, only deleted."""
    log = t.interactions
    query = sa.select(log.c.id, log.c.properties, log.c.session_id, log.c.external_id)
    return [
        row.id
        for row in connection.execute(query.where(log.c.customer_id.in_(ours)))
        if needles.in_text(json.dumps([row.properties, row.session_id, row.external_id], ensure_ascii=False))
    ]


def _keys_of(connection: sa.Connection, ours: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for table, column in ((t.customers, "id"), (t.conversations, "customer_id"), (t.feedback, "customer_id")):
        found |= set(connection.scalars(sa.select(table.c.key_id).where(table.c[column].in_(ours))))
    return found


def _leftovers(
    ours: list[str], talks: list[str], indexes: list[str]
) -> list[tuple[sa.Table, sa.ColumnElement[bool], dict[str, Any]]]:
    """Give what else must go: unsealed values about the person, and the sealed ones, which nobody can open now."""
    gone: dict[str, Any] = {"name_encrypted": None, "address_encrypted": None, "attributes": {}}
    gone |= dict.fromkeys(("country", "city", "gender", "birth_year"))
    return [
        (t.customers, t.customers.c.id.in_(ours), gone),
        (
            t.orders,
            t.orders.c.customer_id.in_(ours),
            dict.fromkeys(("address_encrypted", "email_index", "phone_index", "tracking_number")),
        ),
        (t.orders, t.orders.c.email_index.in_(indexes), {"email_index": None}),  # bought without the account
        (t.orders, t.orders.c.phone_index.in_(indexes), {"phone_index": None}),
        (t.order_requests, t.order_requests.c.customer_id.in_(ours), {"detail_encrypted": None}),
        (t.feedback, t.feedback.c.customer_id.in_(ours), {"reasons": []}),
        (t.turns, t.turns.c.conversation_id.in_(talks), {"trace": {}}),
        (t.ratings, t.ratings.c.conversation_id.in_(talks), {"comment_encrypted": None}),
    ]
