"""The versions of the schema, and the way from one to the next (Alembic, run from the program itself)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from crm_core.errors import InvalidInput, VersionUnknown
from crm_core.storage.database import Database

_FOLDER = Path(__file__).parent
_ADVISORY_LOCK = 0x52617070_6F7274  # any number, as long as every process of Rapport uses this one


def config() -> Config:
    """Give Alembic's configuration without an ini file."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return made


@cache
def head() -> str:
    """Give the newest version that this program knows."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None, "the package has no migrations"
    return found


def current(database: Database) -> str | None:
    """Give the version that a database has, or None for an empty one."""
    with database.reading() as connection:
        return _version(connection)


def upgrade(database: Database, to: str | None = None) -> None:
    """Bring a database to a version, the newest by default; do nothing when it is there already or further.

    The whole way is one transaction, and two processes that start together go one after the other.

    Raises:
        InvalidInput: There is no such version.
        VersionUnknown: A newer program wrote the database.
        StorageUnavailable: It cannot be reached or written.
    """
    wanted = head() if to is None else _known(to)
    if _place(current(database)) >= _place(wanted):
        return
    with _alone(database) as (connection, alembic):
        if _place(_version(connection)) < _place(wanted):
            command.upgrade(alembic, wanted)


def downgrade(database: Database, to: str) -> None:
    """Take a database back to an earlier version; what only later versions could hold is lost.

    Raises:
        InvalidInput: There is no such version, or the database is not beyond it.
        VersionUnknown: A newer program wrote the database: only that one knows the way back.
        StorageUnavailable: It cannot be reached or written.
    """
    wanted = _known(to)
    with _alone(database) as (connection, alembic):
        there = _version(connection)
        if _place(there) <= _place(wanted):
            raise InvalidInput("version", to, f"is not before the database's own, {there or 'none'}")
        command.downgrade(alembic, wanted)


@cache
def versions() -> tuple[str, ...]:
    """Give every version that this program knows, the oldest first."""
    script = ScriptDirectory.from_config(config())
    return tuple(reversed([revision.revision for revision in script.walk_revisions()]))


@contextmanager
def _alone(database: Database) -> Iterator[tuple[sa.Connection, Config]]:
    """Open a transaction in which nobody else migrates."""
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        alembic = config()
        alembic.attributes["connection"] = connection
        yield connection, alembic


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
    return version


def _known(version: str) -> str:
    if version not in versions():
        raise InvalidInput("version", version, f"is not one of {versions()[0]} to {head()}")
    return version


def _place(version: str | None) -> int:
    """Give how far on the way a version is; -1 for an empty database."""
    if version is None:
        return -1
    if version not in versions():
        raise VersionUnknown(version, head())
    return versions().index(version)
