"""Customers as they are compared: opened in memory for as long as it takes, and found again by keyed hashes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.identity.blocks import keys as block_keys
from crm_core.identity.hubs import MOST
from crm_core.identity.person import Person, person
from crm_core.storage import bulk
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.tables import customers, identities, likeness_keys, orders
from crm_core.storage.told import one_line
from crm_core.storage.upsert import insert_or_ignore

BATCH = 2000
_LIVING = ("active", "anonymous", "merged")
_FIELDS = {"email": "emails", "phone": "phones", "visitor": "devices"}
_MOST_OF_A_KEY = 20  # records: a key that more share says too little to look all of them up


def count(connection: sa.Connection) -> int:
    """Give how many records can be compared."""
    query = sa.select(sa.func.count()).select_from(customers).where(customers.c.status.in_(_LIVING))
    return connection.scalar(query) or 0


def batches(connection: sa.Connection, keys: KeyRing) -> Iterator[list[Person]]:
    """Give every record that can be compared, erased ones never, batch after batch."""
    after: str | None = None
    while True:
        query = sa.select(customers.c.id).where(customers.c.status.in_(_LIVING)).order_by(customers.c.id).limit(BATCH)
        ids = list(connection.scalars(query if after is None else query.where(customers.c.id > after)))
        if not ids:
            return
        after = ids[-1]
        yield people(connection, keys, ids)


def people(connection: sa.Connection, keys: KeyRing, ids: Collection[str]) -> list[Person]:
    """Give some records as they are compared; those that cannot be opened any more are left out."""
    rows = bulk.customer_rows(connection, ids)
    keys.prefetch(connection, [row["key_id"] for row in rows.values()])
    known, newest = _known_as(connection, rows)
    found = []
    for id_, row in sorted(rows.items()):
        try:
            found.append(_person(connection, keys, row, known[id_], newest.get(id_)))
        except SubjectKeyGone:
            continue  # erased meanwhile
    return found


def _known_as(
    connection: sa.Connection, ids: Collection[str]
) -> tuple[dict[str, dict[str, set[str]]], dict[str, bytes]]:
    """Give by which blind indexes records are or were known, orders' contacts among them, and the newest e-mail."""
    known: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    newest: dict[str, bytes] = {}
    for part in bulk.batches(ids):
        query = sa.select(identities).where(identities.c.customer_id.in_(part), identities.c.kind.in_(list(_FIELDS)))
        for row in connection.execute(query.order_by(identities.c.valid_from, identities.c.id)):
            known[row.customer_id][_FIELDS[row.kind]].add(row.value_index)
            if row.kind == "email":
                newest[row.customer_id] = row.value_encrypted
        contacts = sa.select(orders.c.customer_id, orders.c.email_index, orders.c.phone_index)
        for customer_id, email, phone in connection.execute(contacts.where(orders.c.customer_id.in_(part)).distinct()):
            known[customer_id]["emails"] |= {email} - {None}
            known[customer_id]["phones"] |= {phone} - {None}
    return known, newest


def _person(
    connection: sa.Connection, keys: KeyRing, row: dict[str, Any], known: dict[str, set[str]], email: bytes | None
) -> Person:
    def opened(sealed: bytes | None) -> str | None:
        return keys.open(connection, row["key_id"], sealed) if sealed else None

    return person(
        row["id"],
        name=opened(row["name_encrypted"]),
        born=row["attributes"].get("birthday") or row["birth_year"],
        address=one_line(opened(row["address_encrypted"])),
        city=row["city"],
        mailbox=opened(email),
        **{field: tuple(sorted(known[field])) for field in _FIELDS.values()},
    )


def save_keys(connection: sa.Connection, keys: KeyRing, found: Sequence[Person]) -> None:
    """Keep by what records can be found; what they are no longer found by goes."""
    wanted = {(one.id, keys.vault.blind_index("likeness", key)) for one in found for key in block_keys(one)}
    ids = [one.id for one in found]
    query = sa.select(likeness_keys.c.customer_id, likeness_keys.c.key)
    there = {tuple(row) for part in bulk.batches(ids) for row in connection.execute(
        query.where(likeness_keys.c.customer_id.in_(part))
    )}  # fmt: skip
    for customer_id, key in there - wanted:
        gone = (likeness_keys.c.customer_id == customer_id, likeness_keys.c.key == key)
        connection.execute(likeness_keys.delete().where(*gone))
    rows = [{"customer_id": customer_id, "key": key} for customer_id, key in sorted(wanted - there)]
    insert_or_ignore(connection, likeness_keys, rows)  # another run may do the same


def neighbours(connection: sa.Connection, keys: KeyRing, one: Person) -> list[str]:
    """Give the records that share something with one by which records meet, values that too many share aside."""
    hashed = [keys.vault.blind_index("likeness", key) for key in block_keys(one)]
    found = _sharing(connection, likeness_keys.c.key, hashed, likeness_keys.c.customer_id, _MOST_OF_A_KEY)
    contacts = [*one.emails, *one.phones, *one.devices]
    for column in (identities.c.value_index, orders.c.email_index, orders.c.phone_index):
        found |= _sharing(connection, column, contacts, column.table.c.customer_id, MOST)
    return sorted(found - {one.id})


def _sharing(
    connection: sa.Connection, column: sa.Column[Any], values: Sequence[str], owner: sa.Column[Any], most: int
) -> set[str]:
    by_value: dict[str, set[str]] = defaultdict(set)
    for value, customer_id in connection.execute(sa.select(column, owner).where(column.in_(values)).distinct()):
        if customer_id is not None:
            by_value[value].add(customer_id)
    return {customer_id for sharing in by_value.values() if len(sharing) <= most for customer_id in sharing}
