"""A row in every table, whatever the tables are: values at the edge of what each column holds."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

Content = dict[str, list[dict[str, Any]]]
MOMENT = datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)  # a leap day, to the last microsecond
TEXT = "Zoë 😀 𠮷野家"  # beyond ASCII, and beyond two bytes


def tables_of(connection: sa.Connection) -> list[sa.Table]:
    """Give the tables as they are in the database at present, those that others point at first."""
    found = sa.MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if is_ours(table.name)]


def is_ours(name: str) -> bool:
    """Tell whether a table holds what was written, and not how the database keeps it."""
    return name != "alembic_version" and not name.startswith("interactions_")


def a_value(column: sa.Column[Any], numbers: Iterator[int]) -> Any:
    """Give a value that fits a column, another one each time."""
    kind, number = getattr(column.type, "impl_instance", column.type), next(numbers)
    if isinstance(kind, sa.Uuid):
        return uuid.UUID(int=number) if kind.as_uuid else str(uuid.UUID(int=number))
    if isinstance(kind, sa.JSON):
        return {"said": TEXT, "amount": 2**53 + 1}
    if isinstance(kind, sa.Boolean):
        return True
    if isinstance(kind, sa.DateTime):
        decorated = kind is not column.type  # ours: aware on both databases
        return MOMENT if kind.timezone or decorated else MOMENT.replace(tzinfo=None)
    if isinstance(kind, sa.BigInteger):
        return 2**40 + number
    if isinstance(kind, sa.Integer):
        return number
    if isinstance(kind, sa.Numeric | sa.Float):
        return 0.125 + number
    if isinstance(kind, sa.LargeBinary):
        return b"\x00\xff" + bytes(str(number), "ascii")
    size = getattr(kind, "length", None) or 40
    return f"{number}{TEXT}"[:size]


def fill(connection: sa.Connection, tables: Sequence[sa.Table], numbers: Iterator[int]) -> None:
    """Put a row into every table that has none, each pointing at the rows before it."""
    rows: dict[str, Any] = {}
    for table in tables:
        there = connection.execute(sa.select(table).limit(1)).mappings().first()
        if there is None:
            values = {column.name: a_value(column, numbers) for column in table.columns}
            for key in table.foreign_keys:
                own = key.column.table.name == table.name
                values[key.parent.name] = None if own else rows[key.column.table.name][key.column.name]
            connection.execute(table.insert().values(values))
            there = values
        rows[table.name] = there


def content(connection: sa.Connection, tables: Sequence[sa.Table]) -> Content:
    """Give every row of every table."""
    return {table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()] for table in tables}
