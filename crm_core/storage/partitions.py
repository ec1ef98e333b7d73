"""The months of `interactions` on PostgreSQL: a partition each, made ahead; a default partition catches the rest.

Old months can so be detached as a whole, and what asks for recent ones does not read them. On SQLite there is nothing
to do. https://www.postgresql.org/docs/15/ddl-partitioning.html
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import sqlalchemy as sa

_ADVISORY_LOCK = 0x6D6F6E746873  # one process at a time; any number not used elsewhere
_AHEAD = 2  # months after the present one
_WORTH = 50_000  # rows of one month in the default partition


def add_one(connection: sa.Connection, now: datetime, worth: int = _WORTH) -> str | None:
    """Make one partition that is missing and give its name; None when none is.

    Missing are those of the present month and the next two, and of months of which many rows came into the default
    partition (from imports); those rows are moved.

    Args:
        connection: A transaction of its own: whoever appends waits until it ends.
        now: The present moment.
        worth: Rows that make a month of the default partition worth a partition of its own.
    """
    if connection.dialect.name != "postgresql":
        return None
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    there = partitions(connection)
    ahead = (_month(now, step) for step in range(_AHEAD + 1))
    missing = next((month for month in _both(ahead, _crowded(connection, worth)) if _name(month) not in there), None)
    if missing is None:
        return None
    _make(connection, missing)
    return _name(missing)


def partitions(connection: sa.Connection) -> list[str]:
    """Give the names of the partitions, sorted."""
    query = sa.text(
        "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
        "WHERE inhparent = 'interactions'::regclass ORDER BY relname"
    )
    return list(connection.scalars(query))


def _both(ahead: Iterator[datetime], crowded: Iterator[datetime]) -> Iterator[datetime]:
    yield from ahead
    yield from crowded


def _crowded(connection: sa.Connection, worth: int) -> Iterator[datetime]:
    query = sa.text(
        "SELECT date_trunc('month', occurred_at AT TIME ZONE 'UTC') AS month FROM interactions_default "
        "GROUP BY month HAVING count(*) >= :worth ORDER BY month"
    )
    for month in connection.scalars(query, {"worth": worth}):
        yield month.replace(tzinfo=UTC)


def _make(connection: sa.Connection, month: datetime) -> None:
    name, begin, end = _name(month), f"{month:%Y-%m-01} 00:00+00", f"{_month(month, 1):%Y-%m-01} 00:00+00"
    within = f"occurred_at >= '{begin}' AND occurred_at < '{end}'"
    deeds = (
        f"CREATE TABLE {name} (LIKE interactions INCLUDING DEFAULTS)",
        "LOCK TABLE interactions_default IN ACCESS EXCLUSIVE MODE",
        f"INSERT INTO {name} SELECT * FROM interactions_default WHERE {within}",  # noqa: S608 - all of it is ours
        f"DELETE FROM interactions_default WHERE {within}",  # noqa: S608
        f"ALTER TABLE interactions ATTACH PARTITION {name} FOR VALUES FROM ('{begin}') TO ('{end}')",
    )
    for deed in deeds:
        connection.exec_driver_sql(deed)


def _month(moment: datetime, step: int) -> datetime:
    months = moment.astimezone(UTC).year * 12 + moment.astimezone(UTC).month - 1 + step
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def _name(month: datetime) -> str:
    return f"interactions_{month:%Y_%m}"
