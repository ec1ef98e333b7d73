"""The rows of `customers` and `identities`: who somebody is, under values that only the keys open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.errors import Conflict, CustomerNotFound
from crm_core.storage.keys import KeyRing
from crm_core.storage.tables import customers, identities
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]
_CURRENT = identities.c.valid_to.is_(None)

# put together once: these run in every turn
_BY_ID = sa.select(customers).where(customers.c.id == sa.bindparam("customer_id", type_=customers.c.id.type))
_FIND = sa.select(identities.c.customer_id).where(
    identities.c.kind == sa.bindparam("kind"), identities.c.value_index == sa.bindparam("value_index"), _CURRENT
)
_IDENTITIES_OF = (
    sa.select(identities)
    .where(identities.c.customer_id.in_(sa.bindparam("ids", expanding=True, type_=customers.c.id.type)), _CURRENT)
    .order_by(identities.c.valid_from, identities.c.id)
)


def by_id(connection: sa.Connection, customer_id: str) -> Row:
    """Give a customer; one that was merged into another gives that other.

    Raises:
        CustomerNotFound: There is none.
    """
    row = connection.execute(_BY_ID, {"customer_id": customer_id}).one_or_none()
    if row is None:
        raise CustomerNotFound(customer_id)
    return row if row.merged_into is None else by_id(connection, row.merged_into)


def find(connection: sa.Connection, kind: str, value_index: str) -> str | None:
    """Give the customer who has an identity now."""
    found: str | None = connection.scalar(_FIND, {"kind": kind, "value_index": value_index})
    return found


def first_source(connection: sa.Connection, customer_id: str) -> str | None:
    """Give who first told how a customer is known; a browser's visitor, which may have come earlier, does not count."""
    source: str | None = connection.scalar(
        sa.select(identities.c.source)
        .where(identities.c.customer_id == customer_id, identities.c.kind != "visitor")
        .order_by(identities.c.valid_from, identities.c.id)
        .limit(1)
    )
    return source


def insert(
    connection: sa.Connection,
    keys: KeyRing,
    values: Mapping[str, Any],
    at: datetime,
    *,
    name: str | None = None,
    address: object = None,
) -> tuple[str, str]:
    """Add a customer with a key of their own.

    Args:
        connection: An open transaction.
        keys: Makes the key and seals name and address under it.
        values: The other columns; `status` is required.
        at: Now; also first and last seen, unless `values` has them.
        name: The customer's name.
        address: The customer's address, as JSON.

    Returns:
        The ids of the customer and of the key.
    """
    key_id, customer_id = keys.create(connection), new_id()
    sealed = {
        "name_encrypted": keys.seal(connection, key_id, name) if name else None,
        "address_encrypted": keys.seal(connection, key_id, json.dumps(address)) if address else None,
    }
    fixed = {"id": customer_id, "key_id": key_id, "attributes": {}, "first_seen_at": at, "last_seen_at": at}
    connection.execute(customers.insert().values(**(fixed | sealed | dict(values))))
    return customer_id, key_id


def seen(connection: sa.Connection, customer_id: str, at: datetime) -> None:
    """Note that a customer was here.

    Raises:
        CustomerNotFound: There is none.
    """
    if not connection.execute(customers.update().where(customers.c.id == customer_id).values(last_seen_at=at)).rowcount:
        raise CustomerNotFound(customer_id)


def of_visitor(
    connection: sa.Connection, keys: KeyRing, visitor: str, at: datetime, *, source: str, language: str
) -> str:
    """Give the anonymous customer behind a visitor of a channel, made on the first visit."""
    known = find(connection, "visitor", keys.vault.blind_index("visitor", visitor))
    if known is not None:
        seen(connection, known, at)
        return known
    customer_id, key_id = insert(connection, keys, {"status": "anonymous", "language": language}, at)
    add_identity(connection, keys, customer_id, key_id, "visitor", visitor, at, source=source)
    return customer_id


def add_identity(
    connection: sa.Connection,
    keys: KeyRing,
    customer_id: str,
    key_id: str,
    kind: str,
    value: str,
    at: datetime,
    *,
    source: str,
    verified: bool = False,
) -> None:
    """Note what a customer is known as.

    Args:
        connection: An open transaction.
        keys: Seals the value.
        customer_id: Whose it is.
        key_id: The customer's key.
        kind: email, phone, customer_number or visitor.
        value: In its one spelling.
        at: From when on.
        source: Who said so.
        verified: Whether the customer has shown that it is theirs.

    Raises:
        Conflict: Another customer has it.
    """
    row = {
        "id": new_id(),
        "customer_id": customer_id,
        "kind": kind,
        "source": source,
        "value_encrypted": keys.seal(connection, key_id, value),
        "value_index": keys.vault.blind_index(kind, value),
        "verified_at": at if verified else None,
        "valid_from": at,
    }
    if not insert_or_ignore(connection, identities, row):
        raise Conflict(f"the {kind} is another customer's")


def end_identities(connection: sa.Connection, customer_id: str, kind: str, at: datetime) -> None:
    """End what a customer was known as, of one kind; the rows stay."""
    connection.execute(
        identities.update()
        .where(identities.c.customer_id == customer_id, identities.c.kind == kind, _CURRENT)
        .values(valid_to=at)
    )


def identities_of(connection: sa.Connection, customer_ids: Iterable[str]) -> Sequence[Row]:
    """Give what customers are known as now, the oldest first."""
    return connection.execute(_IDENTITIES_OF, {"ids": list(customer_ids)}).all()
