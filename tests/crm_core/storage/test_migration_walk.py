"""From every version to the newest and back, with a row in every table: nothing of it changes on the way."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.errors import InvalidInput, VersionUnknown
from crm_core.storage import migrations
from crm_core.storage.database import Database
from tests.crm_core.storage.every_table import Content, content, fill, is_ours, tables_of


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database of each kind."""
    url = f"sqlite:///{tmp_path}/walk.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Database(url)
    yield made
    made.close()


def triggers(connection: sa.Connection) -> set[str]:
    """Give the names of the rules that guard rows."""
    if connection.dialect.name == "sqlite":
        return set(connection.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    return set(
        connection.scalars(
            sa.text(
                "SELECT DISTINCT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
                "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace"
            )
        )
    )


def differences(before: Content, after: Content) -> dict[str, tuple[Any, Any]]:
    """Give what is gone or other than before; columns and tables that came or went with a version do not count."""
    found = {}
    for name in before.keys() & after.keys():
        for old, new in itertools.zip_longest(before[name], after[name]):
            shared = (old or {}).keys() & (new or {}).keys()
            if old is None or new is None or any(old[key] != new[key] for key in shared):
                found[name] = (old, new)
    return found


def test_rows_of_every_version_live_through_all_later_ones_and_back(database: Database) -> None:
    numbers = itertools.count(1)
    tables: dict[str, list[sa.Table]] = {}
    filled: dict[str, Content] = {}
    guards: dict[str, set[str]] = {}
    for version in migrations.versions():
        migrations.upgrade(database, version)
        with database.writing() as connection:
            tables[version] = tables_of(connection)
            before = content(connection, tables[version])
            if filled:
                assert differences(list(filled.values())[-1], before) == {}, f"up to {version}"
            fill(connection, tables[version], numbers)
            filled[version], guards[version] = content(connection, tables[version]), triggers(connection)
            assert all(filled[version].values()), f"a row in every table of {version}"
    for version in reversed(migrations.versions()[:-1]):
        migrations.downgrade(database, version)
        with database.reading() as connection:
            names = sa.inspect(connection).get_table_names()
            assert set(filter(is_ours, names)) == filled[version].keys(), f"tables of {version}"
            assert differences(filled[version], content(connection, tables[version])) == {}, f"down to {version}"
            assert triggers(connection) == guards[version], f"rules of {version}"
    migrations.upgrade(database)
    with database.reading() as connection:
        again = content(connection, tables[migrations.head()])
        assert differences(filled[migrations.versions()[0]], again) == {}, "up again"
        assert triggers(connection) == guards[migrations.head()]


def test_a_version_that_does_not_exist_is_refused(database: Database) -> None:
    with pytest.raises(InvalidInput, match="0001 to"):
        migrations.upgrade(database, "9999")


def test_going_down_to_where_the_database_is_or_beyond_is_refused(database: Database) -> None:
    migrations.upgrade(database, "0003")
    with pytest.raises(InvalidInput, match="not before the database's own, 0003"):
        migrations.downgrade(database, "0003")
    assert migrations.current(database) == "0003"


def test_a_database_of_a_newer_program_is_left_alone(database: Database) -> None:
    migrations.upgrade(database, "0001")
    with database.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    for move in (lambda: migrations.upgrade(database), lambda: migrations.downgrade(database, "0001")):
        with pytest.raises(VersionUnknown, match="9999 is newer than this program"):
            move()
