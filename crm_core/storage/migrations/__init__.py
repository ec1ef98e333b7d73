"""The versions of the schema, and the way from one to the next (Alembic, run from the program itself)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

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
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        version: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return version


def upgrade(database: Database) -> None:
    """Bring a database to the newest version; do nothing when it is there already.

    The whole way is one transaction, and two processes that start together go one after the other.
    """
    if current(database) == head():
        return
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        alembic = config()
        alembic.attributes["connection"] = connection
        command.upgrade(alembic, "head")
