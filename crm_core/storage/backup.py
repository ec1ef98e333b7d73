"""The whole database as one SQLite file, whichever kind of database it is of, and back.

A copy of a SQLite database is made with SQLite's own online backup (https://www.sqlite.org/backup.html), a copy of a
PostgreSQL database by reading its tables in one snapshot. So a copy needs no tools of either, anybody can look into
it, and what was begun on SQLite can go on on PostgreSQL.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_core.errors import StorageUnavailable
from crm_core.storage import bulk, migrations
from crm_core.storage.database import Database
from crm_core.storage.tables import key_ring, metadata

Progress = Callable[[int, int], object]
Row = dict[str, Any]
_PAGES = 2000  # copied between two reports of progress
_ROWS = 5000
_KEPT_BY_EVERY_START = (key_ring,)  # a database that was only ever started holds these rows


def row_counts(connection: sa.Connection) -> dict[str, int]:
    """Give how many rows each table has."""
    return {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table)) or 0
        for table in metadata.sorted_tables
    }


def is_empty(connection: sa.Connection) -> bool:
    """Tell whether nothing was written yet; a database without tables is empty."""
    there = set(sa.inspect(connection).get_table_names())
    looked_at = [table for table in metadata.sorted_tables if table not in _KEPT_BY_EVERY_START and table.name in there]
    return not any(connection.execute(sa.select(table).limit(1)).first() for table in looked_at)


def copy(database: Database, target: Path, progress: Progress) -> None:
    """Write a database that is at this program's version into a new SQLite file, as of one moment.

    Others may go on writing meanwhile.

    Raises:
        StorageUnavailable: It cannot be read, or the file not be written.
    """
    if database.url.get_backend_name() == "sqlite":
        with database.reading() as connection:
            connection.execute(sa.text("SELECT 1 FROM sqlite_master")).all()  # from here on it is one moment
            _copy_pages(_driver(connection), target, progress)
        _into_one_file(target)
        return
    made = Database(f"sqlite:///{target}")
    try:
        migrations.upgrade(made)
        with database.reading() as source, made.writing(durable=False) as sink:
            source.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            _copy_rows(source, sink, progress)
    finally:
        made.close()
    _into_one_file(target)


def restore(source: Path, database: Database, progress: Progress) -> None:
    """Put the content of a SQLite file that is at this program's version into an empty database, whole or not at all.

    Raises:
        StorageUnavailable: The database cannot be written.
    """
    if database.url.get_backend_name() == "sqlite":
        database.close()  # its connections have read what is replaced now
        held_pages = sqlite3.connect(source)
        try:
            _copy_pages(held_pages, Path(database.url.database or ""), progress)
        finally:
            held_pages.close()
        return
    migrations.upgrade(database)
    held = Database(f"sqlite:///{source}")
    try:
        with held.reading() as rows, database.writing() as sink:
            for table in _KEPT_BY_EVERY_START:
                sink.execute(table.delete())
            _copy_rows(rows, sink, progress)
            _continue_numbers(sink)
    finally:
        held.close()


def _copy_pages(source: sqlite3.Connection, target: Path, progress: Progress) -> None:
    sink = sqlite3.connect(target)
    try:
        source.backup(sink, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
    except sqlite3.Error as error:
        raise StorageUnavailable(f"sqlite database: {error}") from error
    finally:
        sink.close()


def _copy_rows(source: sa.Connection, sink: sa.Connection, progress: Progress) -> None:
    counts = row_counts(source)
    total, done = sum(counts.values()), 0
    for table in metadata.sorted_tables:
        own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
        pointers: list[Row] = []  # at rows of the same table, which may come later
        for rows in _batches(source, table):
            pointers += [
                {"id": row["id"], **{name: row[name] for name in own}} for row in rows if any(row[name] for name in own)
            ]
            bulk.insert(sink, table, [{**row, **dict.fromkeys(own)} for row in rows] if own else rows)
            done += len(rows)
            progress(done, total)
        bulk.change(sink, table, pointers)


def _batches(source: sa.Connection, table: sa.Table) -> Iterator[list[Row]]:
    streamed = source.execute(sa.select(table), execution_options={"yield_per": _ROWS})
    for part in streamed.mappings().partitions():
        yield [dict(row) for row in part]


def _continue_numbers(sink: sa.Connection) -> None:
    """Let PostgreSQL count on from the highest number of each table that numbers its rows."""
    for table in metadata.sorted_tables:
        counted = table.autoincrement_column
        if counted is not None:
            highest = sa.select(sa.func.max(counted)).scalar_subquery()
            sequence = sa.func.pg_get_serial_sequence(table.name, counted.name)
            sink.execute(sa.select(sa.func.setval(sequence, highest)).where(highest.is_not(None)))


def _into_one_file(path: Path) -> None:
    """Take in what stands beside a SQLite file that nobody has open."""
    last = sqlite3.connect(path)
    try:
        last.execute("PRAGMA journal_mode=DELETE")
    finally:
        last.close()


def _driver(connection: sa.Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
