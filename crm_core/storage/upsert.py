"""Inserts that meet a row which is there already, spelled the same for SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

Row = Mapping[str, Any]


def insert_or_ignore(connection: sa.Connection, table: sa.Table, rows: Row | Sequence[Row]) -> int:
    """Insert rows and leave out those that any unique rule refuses.

    Args:
        connection: An open transaction.
        table: Where to insert.
        rows: One row or several with the same columns.

    Returns:
        How many rows are new.
    """
    many = [rows] if isinstance(rows, Mapping) else list(rows)
    if not many:
        return 0
    statement = _insert(connection, table).on_conflict_do_nothing()
    counted = statement.execution_options(preserve_rowcount=True)  # else only updates and deletes are counted
    return connection.execute(counted, [dict(row) for row in many]).rowcount


def upsert(
    connection: sa.Connection,
    table: sa.Table,
    rows: Row | Sequence[Row],
    *,
    key: Sequence[str],
    update: Sequence[str] | None = None,
    where: str | None = None,
) -> None:
    """Insert rows, and where the key is taken update that row instead.

    Args:
        connection: An open transaction.
        table: Where to insert.
        rows: One row or several with the same columns; no two with the same key.
        key: The columns of the unique rule that decides.
        update: The columns to overwrite; all but the key and `id` by default.
        where: The condition of a partial unique index, as its definition has it.
    """
    many = [rows] if isinstance(rows, Mapping) else list(rows)
    if not many:
        return
    statement = _insert(connection, table)
    columns = update if update is not None else [name for name in many[0] if name not in key and name != "id"]
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=list(key),
            index_where=None if where is None else sa.text(where),
            set_={name: statement.excluded[name] for name in columns},
        ),
        [dict(row) for row in many],
    )


def _insert(connection: sa.Connection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)
