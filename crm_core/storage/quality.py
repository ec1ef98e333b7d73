"""The rows of the quality log, the figures of each field, and the rows of a source as they came."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.errors import NotFound
from crm_core.storage import bulk
from crm_core.storage.tables import (
    customers,
    feedback,
    identities,
    imports,
    order_items,
    orders,
    products,
    quality_fields,
    quality_issues,
    raw_records,
)
from crm_core.storage.upsert import upsert

Row = dict[str, Any]
_KEY = {"orders": orders.c.number, "products": products.c.sku, "feedback": feedback.c.external_id}
_HELD = {"orders": orders, "products": products, "feedback": feedback, "customers": customers}
_LINE = {"title": order_items.c.title, "quantity": order_items.c.quantity, "unit_price": order_items.c.unit_price_minor}


class IssueNotFound(NotFound):
    """No such line of the quality log."""

    what = "line of the quality log"


def known_hashes(connection: sa.Connection, hashes: Collection[str]) -> set[str]:
    """Give which of these rows have been kept before."""
    return bulk.known_values(connection, raw_records.c.content_hash, hashes)


def add_raw(connection: sa.Connection, rows: Sequence[Row]) -> None:
    """Keep rows as they came."""
    bulk.insert(connection, raw_records, rows)


def add_issues(connection: sa.Connection, rows: Sequence[Row]) -> None:
    """Add lines to the quality log."""
    bulk.insert(connection, quality_issues, rows)


def put_fields(connection: sa.Connection, rows: Sequence[Row]) -> None:
    """Put the figures of an import's fields in the place of those before."""
    if rows:
        upsert(connection, quality_fields, rows, key=("import_id", "field"))


def issue(connection: sa.Connection, issue_id: str) -> Row:
    """Give a line of the quality log with its import, and keep it so until the transaction ends.

    Raises:
        IssueNotFound: There is none.
    """
    row = connection.execute(_issues().where(quality_issues.c.id == issue_id).with_for_update()).mappings().first()
    if row is None:
        raise IssueNotFound(issue_id)
    return dict(row)


def issues(connection: sa.Connection, limit: int, **wanted: str) -> list[Row]:
    """Give lines of the quality log, newest first.

    Args:
        connection: An open connection.
        limit: At most so many.
        wanted: `source`, `entity`, `field`, `action` or `import_id` that they must have.
    """
    columns: dict[str, sa.Column[Any]] = {
        **dict(quality_issues.c),
        "source": imports.c.source,
        "entity": imports.c.entity,
    }
    query = _issues().order_by(quality_issues.c.id.desc()).limit(limit)
    for name, value in wanted.items():
        query = query.where(columns[name] == value)
    return [dict(row) for row in connection.execute(query).mappings()]


def mark_undone(connection: sa.Connection, issue_id: str, at: datetime) -> None:
    """Note that what was done is undone."""
    connection.execute(quality_issues.update().where(quality_issues.c.id == issue_id).values(undone_at=at))


def field_sums(connection: sa.Connection) -> list[Row]:
    """Give the figures of every field, summed over the imports of a source."""
    sums = [sa.func.sum(quality_fields.c[name]).label(name) for name in _SUMS]
    of = (imports.c.source, imports.c.entity, quality_fields.c.field)
    query = sa.select(*of, *sums).join(imports, imports.c.id == quality_fields.c.import_id).group_by(*of).order_by(*of)
    return [dict(row) for row in connection.execute(query).mappings()]


def action_counts(connection: sa.Connection) -> dict[tuple[str, str, str], dict[str, int]]:
    """Give by source, entity and field how many values each action met, without those undone."""
    of = (imports.c.source, imports.c.entity, quality_issues.c.field)
    query = sa.select(*of, quality_issues.c.action, sa.func.count()).join(
        imports, imports.c.id == quality_issues.c.import_id
    )
    query = query.where(quality_issues.c.undone_at.is_(None)).group_by(*of, quality_issues.c.action)
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for source, entity, name, action, count in connection.execute(query):
        found.setdefault((source, entity, name), {})[action] = count
    return found


def source_sums(connection: sa.Connection) -> list[Row]:
    """Give the sums of every source's imports."""
    names = ("rows_read", "accepted", "rejected", "repaired", "known")
    of = (imports.c.source, imports.c.entity)
    sums = [sa.func.sum(imports.c[name]).label(name) for name in names]
    query = sa.select(*of, sa.func.count().label("imports"), *sums).group_by(*of).order_by(*of)
    return [dict(row) for row in connection.execute(query).mappings()]


def target(connection: sa.Connection, row: Row) -> tuple[sa.Table, sa.Column[Any], list[Row]]:
    """Give where the value that a line of the log is about now stands: table, column, and the records.

    Each record has `id`, `value` and `key_id` (None unless the value is sealed).
    """
    entity, name = row["entity"], row["field"]
    if name in ("email", "phone") and entity == "customers":
        query = sa.select(identities.c.id, identities.c.value_index.label("value"), sa.null().label("key_id"))
        query = query.where(
            identities.c.customer_id == row["customer_id"], identities.c.kind == name, identities.c.valid_to.is_(None)
        )
        return identities, identities.c.valid_to, _all(connection, query)
    if entity in ("orders", "order_items") and name in _LINE:
        column = _LINE[name]
        query = sa.select(order_items.c.id, column.label("value"), sa.null().label("key_id"))
        query = query.join(orders, orders.c.id == order_items.c.order_id)
        return order_items, column, _all(connection, query.where(_is(orders, "orders", row)))
    table = _HELD.get(entity)
    found = None if table is None else table.c.get(name, table.c.get(f"{name}_encrypted"))
    if table is None or found is None:
        return orders, orders.c.id, []
    query = sa.select(table.c.id, found.label("value"), table.c.get("key_id", sa.null()).label("key_id"))
    return table, found, _all(connection, query.where(_is(table, entity, row)))


def put(connection: sa.Connection, table: sa.Table, column: sa.Column[Any], ids: Sequence[str], value: Any) -> None:
    """Write a value into some records."""
    connection.execute(table.update().where(table.c.id.in_(list(ids))).values({column.name: value}))


_SUMS = ("rows", "kept", "missing_before", "missing_after", "outliers")


def _is(table: sa.Table, entity: str, row: Row) -> sa.ColumnElement[bool]:
    if entity == "customers":
        return sa.and_(table.c.id == row["customer_id"])
    own: sa.ColumnElement[bool] = _KEY[entity] == row["record"]
    return sa.and_(own, table.c.source == row["source"]) if "source" in table.c else own


def _all(connection: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _issues() -> sa.Select[Any]:
    of = (imports.c.source, imports.c.entity, imports.c.file_name)
    return sa.select(quality_issues, *of).join(imports, imports.c.id == quality_issues.c.import_id)
