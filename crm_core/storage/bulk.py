"""Many rows at once, for imports: look-ups by lists of keys and inserts by batches."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.keys import KeyRing
from crm_core.storage.tables import (
    customers,
    feedback,
    identities,
    interactions,
    order_items,
    orders,
    products,
    raw_records,
    subject_keys,
)
from crm_core.storage.tables._columns import UtcDateTime

_GROWING = (subject_keys, customers, identities, products, orders, order_items, interactions, feedback, raw_records)
_IN = 1000  # values in one IN list
_CACHE_KB = 65536
_SEALED = 1000  # customers made at a time: their keys are in the key ring's memory while their values are sealed

Item = TypeVar("Item")
Row = dict[str, Any]


@dataclass(frozen=True)
class NewCustomer:
    """A customer who is not known yet.

    Attributes:
        identities: Kind (`email`, `phone`, `customer_number`) → normalised value.
        columns: Values of the columns of `customers` that are not encrypted.
    """

    identities: Mapping[str, str]
    first_seen_at: datetime
    last_seen_at: datetime
    name: str | None = None
    address: str | None = None
    columns: Mapping[str, Any] = field(default_factory=dict)


def batches(items: Iterable[Item], size: int = _IN) -> Iterator[list[Item]]:
    """Cut items into lists of at most `size`."""
    everything = list(items)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def prepare(connection: sa.Connection) -> None:
    """Give SQLite room for the indexes of large tables; its own cache of 2 MB would write them over and over."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size=-{_CACHE_KB}")


def take_stock(connection: sa.Connection) -> None:
    """Let PostgreSQL know how large the tables have grown: until then it plans look-ups as if they were empty."""
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in _GROWING)
        connection.exec_driver_sql(f"ANALYZE {names}")


def insert(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns.

    The same as `connection.execute(table.insert(), rows)`, but values are converted column by column instead of row
    by row, and PostgreSQL takes them as one COPY, which halves the time of large imports.
    """
    if not rows:
        return
    names = list(rows[0])
    if connection.dialect.name == "postgresql":
        _copy(connection, table, names, rows)
        return
    statement = table.insert().compile(dialect=connection.dialect, column_keys=names)
    order = list(statement.positiontup or names)
    columns = [_bound(table.c[name], connection.dialect, [row[name] for row in rows]) for name in order]
    connection.exec_driver_sql(str(statement), list(zip(*columns, strict=True)))


def _copy(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Sequence[Row]) -> None:
    """Insert rows by COPY, which checks and triggers as INSERT does; defaults of Python are the caller's."""
    columns = [_as_copied(table.c[name], [row[name] for row in rows]) for name in names]
    quoted = connection.dialect.identifier_preparer
    listed = ", ".join(quoted.quote(name) for name in names)
    driver = connection.connection.driver_connection
    assert driver is not None
    command = f"COPY {quoted.format_table(table)} ({listed}) FROM STDIN"
    with _refused_as_insert(), driver.cursor() as cursor, cursor.copy(command) as copy:
        for row in zip(*columns, strict=True):
            copy.write_row(row)


@contextmanager
def _refused_as_insert() -> Iterator[None]:
    """Raise what a refused INSERT would."""
    try:
        yield
    except psycopg.IntegrityError as error:
        raise sa.exc.IntegrityError("COPY", None, error) from error
    except psycopg.Error as error:
        raise sa.exc.DBAPIError("COPY", None, error) from error


def _as_copied(column: sa.Column[Any], values: list[Any]) -> list[Any]:
    if isinstance(column.type, sa.JSON):
        return [json.dumps(value, ensure_ascii=False) for value in values]
    if isinstance(column.type, UtcDateTime) and any(value is not None and value.tzinfo is None for value in values):
        raise ValueError(f"naive datetime in {column.name}: every stored moment carries its zone")
    return values  # psycopg writes them as they are, moments with their zone


def _bound(column: sa.Column[Any], dialect: sa.Dialect, values: list[Any]) -> list[Any]:
    if isinstance(column.type, sa.LargeBinary):
        return values  # SQLite takes bytes as they are
    processor = column.type.dialect_impl(dialect).bind_processor(dialect)
    if processor is None:
        return values
    if isinstance(column.type, UtcDateTime):
        return _each_once(values, processor)
    return [processor(value) for value in values]


def _each_once(values: list[Any], convert: Callable[[Any], Any]) -> list[Any]:
    """Convert values of which many are the same, each of them once."""
    converted = {value: convert(value) for value in set(values)}
    return [converted[value] for value in values]


def find_customers(connection: sa.Connection, keys: KeyRing, kind: str, values: Collection[str]) -> dict[str, str]:
    """Give which of the values of an identity kind are known, and whose they are (value → customer id)."""
    by_index = {keys.vault.blind_index(kind, value): value for value in values}
    found: dict[str, str] = {}
    for part in batches(by_index):
        query = sa.select(identities.c.value_index, identities.c.customer_id).where(
            identities.c.kind == kind, identities.c.value_index.in_(part), identities.c.valid_to.is_(None)
        )
        found.update({by_index[index]: customer_id for index, customer_id in connection.execute(query)})
    return found


def add_customers(
    connection: sa.Connection, keys: KeyRing, new: Sequence[NewCustomer], source: str, moment: datetime
) -> list[str]:
    """Make customers with a key each, their sealed values and their identities; give their ids in order."""
    ids: list[str] = []
    for part in batches(new, _SEALED):
        key_ids = keys.create_many(connection, len(part))
        rows = [_customer_row(connection, keys, *pair) for pair in zip(key_ids, part, strict=True)]
        insert(connection, customers, rows)
        known_as = [
            identity_row(connection, keys, row["id"], row["key_id"], kind, value, source, moment)
            for row, customer in zip(rows, part, strict=True)
            for kind, value in customer.identities.items()
        ]
        insert(connection, identities, known_as)
        ids += [row["id"] for row in rows]
    return ids


def identity_row(
    connection: sa.Connection,
    keys: KeyRing,
    customer_id: str,
    key_id: str,
    kind: str,
    value: str,
    source: str,
    moment: datetime,
) -> Row:
    """Give the row of an identity: the value sealed, and its blind index."""
    return {
        "id": new_id(),
        "customer_id": customer_id,
        "kind": kind,
        "source": source,
        "value_encrypted": keys.seal(connection, key_id, value),
        "value_index": keys.vault.blind_index(kind, value),
        "verified_at": None,
        "valid_from": moment,
        "valid_to": None,
    }


def customer_rows(connection: sa.Connection, ids: Collection[str]) -> dict[str, Row]:
    """Give the rows of customers by their ids."""
    return _by(connection, customers, customers.c.id, set(ids))


def identity_kinds(connection: sa.Connection, customer_ids: Collection[str]) -> dict[str, set[str]]:
    """Give which kinds of identity each customer has at present."""
    kinds: dict[str, set[str]] = defaultdict(set)
    for part in batches(set(customer_ids)):
        query = sa.select(identities.c.customer_id, identities.c.kind).where(
            identities.c.customer_id.in_(part), identities.c.valid_to.is_(None)
        )
        for customer_id, kind in connection.execute(query):
            kinds[customer_id].add(kind)
    return kinds


def key_ids(connection: sa.Connection, customer_ids: Collection[str]) -> dict[str, str]:
    """Give the key of each customer."""
    found: dict[str, str] = {}
    for part in batches(set(customer_ids)):
        query = sa.select(customers.c.id, customers.c.key_id).where(customers.c.id.in_(part))
        found.update({row[0]: row[1] for row in connection.execute(query)})
    return found


def products_by_sku(connection: sa.Connection, skus: Collection[str]) -> dict[str, Row]:
    """Give the rows of products by SKU."""
    return _by(connection, products, products.c.sku, set(skus))


def orders_by_number(connection: sa.Connection, source: str, numbers: Collection[str]) -> dict[str, Row]:
    """Give the rows of a source's orders by number."""
    return _by(connection, orders, orders.c.number, set(numbers), orders.c.source == source)


def items_of(connection: sa.Connection, order_ids: Collection[str]) -> dict[str, list[Row]]:
    """Give the lines of orders by order id."""
    found: dict[str, list[Row]] = defaultdict(list)
    for part in batches(set(order_ids)):
        query = sa.select(order_items).where(order_items.c.order_id.in_(part)).order_by(order_items.c.line)
        for row in connection.execute(query).mappings():
            found[row["order_id"]].append(dict(row))
    return found


def known_values(
    connection: sa.Connection, column: sa.ColumnElement[Any], values: Collection[Any], *where: sa.ColumnElement[bool]
) -> set[Any]:
    """Give which of the values stand in a column already."""
    found: set[Any] = set()
    for part in batches(set(values)):
        found.update(connection.scalars(sa.select(column).where(column.in_(part), *where)))
    return found


def change(connection: sa.Connection, table: sa.Table, rows: Sequence[Row]) -> None:
    """Update rows by id; all rows name the same columns."""
    if not rows:
        return
    values: Row = {name: sa.bindparam(f"new_{name}") for name in rows[0] if name != "id"}
    statement = table.update().where(table.c.id == sa.bindparam("row_id")).values(values)
    parameters = [{"row_id" if name == "id" else f"new_{name}": value for name, value in row.items()} for row in rows]
    connection.execute(statement, parameters)


def _customer_row(connection: sa.Connection, keys: KeyRing, key_id: str, new: NewCustomer) -> Row:
    columns = {"language": None, "country": None, "city": None, "gender": None, "birth_year": None, **new.columns}
    return {
        "id": new_id(),
        "key_id": key_id,
        "status": "active",
        "merged_into": None,
        "name_encrypted": keys.seal(connection, key_id, new.name) if new.name else None,
        "address_encrypted": keys.seal(connection, key_id, new.address) if new.address else None,
        "attributes": {},
        "first_seen_at": new.first_seen_at,
        "last_seen_at": new.last_seen_at,
        **columns,
    }


def _by(
    connection: sa.Connection, table: sa.Table, column: sa.Column[Any], values: set[Any], *where: sa.ColumnElement[bool]
) -> dict[Any, Row]:
    found: dict[Any, Row] = {}
    for part in batches(values):
        for row in connection.execute(sa.select(table).where(column.in_(part), *where)).mappings():
            found[row[column.name]] = dict(row)
    return found
