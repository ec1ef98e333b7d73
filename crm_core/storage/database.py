"""The engine: one place that knows how SQLite and PostgreSQL are opened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from crm_core.errors import StorageUnavailable

_BUSY_SECONDS = 10
_DURABLE = "FULL"  # accepted means on disk


class Database:
    """A handle on the unified customer database.

    Args:
        url: SQLAlchemy URL; `sqlite:///path` or `postgresql+psycopg://…`.
    """

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self._line: Lock | None = None
        if self.url.get_backend_name() == "sqlite":
            if self.url.database and not self.url.database.startswith("file:"):
                Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
            self._line = Lock()
            self.engine = sa.create_engine(self.url, connect_args={"timeout": _BUSY_SECONDS})
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)
        else:
            self.engine = sa.create_engine(self.url, pool_pre_ping=True, pool_size=10, max_overflow=20)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """Open a connection for reading only."""
        with self._translated(), self.engine.connect() as connection:
            yield connection.execution_options(rapport_reads=True)

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[sa.Connection]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        On SQLite it takes the write lock at its start (BEGIN IMMEDIATE), so that what it reads cannot
        change before it writes; on PostgreSQL use `with_for_update()` for the rows that decide.

        Args:
            durable: Whether the commit waits for the disk. Without, a power cut may undo it (never half of it, and
                never anything durable that was written later): for what may be lost, like a lease or a cursor.
        """
        with self._translated(), self._alone(), self.engine.connect() as connection:
            connection.execution_options(rapport_durable=durable)
            with connection.begin():
                if not durable and connection.dialect.name == "postgresql":
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                yield connection

    def compact(self, *, thoroughly: bool) -> None:
        """Let what was deleted go from the disk, too; on PostgreSQL its own cleaning does that.

        Args:
            thoroughly: Write the whole file anew, for what was deleted by earlier versions; takes a second per 100 MB
                or so, and others wait meanwhile.
        """
        if self._line is None:
            return
        with self._translated(), self._alone(), self.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            if thoroughly:
                driver.execute("VACUUM")
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Let SQLite's writers of this process wait in line: its own waiting is by sleeping, and starves some."""
        if self._line is None:
            yield
            return
        if not self._line.acquire(timeout=_BUSY_SECONDS):
            raise StorageUnavailable("sqlite database: another write of this process does not end")
        try:
            yield
        finally:
            self._line.release()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.IntegrityError:
            raise
        except (DBAPIError, OSError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise StorageUnavailable(f"{self.url.get_backend_name()} database: {cause}") from error
        except SQLAlchemyError as error:
            if isinstance(error, sa.exc.TimeoutError):
                raise StorageUnavailable(f"{self.url.get_backend_name()} database: {error}") from error
            raise


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin by itself; _begin_sqlite does
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten, not only forgotten
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if options.get("rapport_reads", False):
        connection.exec_driver_sql("BEGIN")
        return
    level = _DURABLE if options.get("rapport_durable", True) else "NORMAL"
    connection.exec_driver_sql(f"PRAGMA synchronous={level}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
