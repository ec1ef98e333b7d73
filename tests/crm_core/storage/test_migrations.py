"""The migrations give the database that the tables describe, whoever runs them and how many at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.settings import Settings
from crm_core.storage import migrations
from crm_core.storage.database import Database
from crm_core.storage.tables import metadata

ROOT = Path(__file__).parents[3]


def test_the_migrations_and_the_tables_do_not_differ(any_crm: Crm) -> None:
    with any_crm.database.reading() as connection:
        options = {"compare_type": True, "include_object": _same_on_both(connection)}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def _same_on_both(connection: sa.Connection) -> Callable[..., bool]:
    """Leave out what only PostgreSQL has: the months of interactions, and one table instead of one unique rule."""

    def included(_thing: Any, name: str | None, kind: str, *_: Any) -> bool:
        months = kind == "table" and (name or "").startswith("interactions_")
        return connection.dialect.name == "sqlite" or not (months or name == "uq_interactions_source_external_id")

    return included


def test_migrating_a_migrated_database_changes_nothing(any_crm: Crm) -> None:
    before = migrations.current(any_crm.database)
    any_crm.migrate()
    assert before == migrations.current(any_crm.database) == migrations.head()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_processes_that_start_together_migrate_once(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path}/first.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    command = [sys.executable, str(Path(__file__).with_name("migrate_together.py")), url, "3"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    database = Database(url)
    assert migrations.current(database) == migrations.head()
    database.close()


def test_a_migration_that_fails_leaves_nothing_half_done(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/half.db")
    with database.writing() as connection:
        connection.execute(sa.text("CREATE TABLE turns (id INTEGER)"))  # in the way of 0001
    with pytest.raises(StorageUnavailable):
        migrations.upgrade(database)
    with database.reading() as connection:
        assert sa.inspect(connection).get_table_names() == ["turns"]
    database.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_migrations_can_be_undone(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    url = f"sqlite:///{tmp_path}/first.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    database = Database(url)
    migrations.upgrade(database)
    with database.writing() as connection:
        config = migrations.config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with database.reading() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]
    database.close()


def test_a_database_that_answers_and_is_migrated_is_ready(any_crm: Crm) -> None:
    health = any_crm.health()
    assert health.ready
    assert health.version == migrations.head()


def test_an_empty_database_is_reachable_but_not_ready(settings: Settings) -> None:
    crm = Crm(settings)
    health = crm.health()
    crm.close()
    assert (health.reachable, health.migrated, health.ready) == (True, False, False)


def test_an_unreachable_database_is_said_to_be_so(settings: Settings) -> None:
    crm = Crm(settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"}))
    health = crm.health()
    crm.close()
    assert not health.reachable
    assert health.problem
