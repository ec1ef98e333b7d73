"""Fixtures for every test: settings of a fresh installation, a clock that stands still, a migrated database."""

from __future__ import annotations

import os

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"  # before numpy: the workers share the cores

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from hypothesis import settings as hypothesis_settings

from crm_core.crm import Crm
from crm_core.privacy import passwords
from crm_core.settings import Settings
from crm_core.storage import database
from crm_core.storage.database import Database
from crm_core.storage.migrations import upgrade
from crm_core.storage.tables import metadata

hypothesis_settings.register_profile("untimed", deadline=None)  # a busy machine is slow, not wrong
if not os.environ.get("CI"):  # there Hypothesis takes its own, which is untimed, too
    hypothesis_settings.load_profile("untimed")

POSTGRES = os.environ.get("RAPPORT_TEST_POSTGRES") or "postgresql+psycopg://postgres@127.0.0.1:5432/test"


class FakeClock:
    """A clock that moves only when a test says so."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> datetime:
        """Move on by `seconds=`, `minutes=`, `days=` … and give the new moment."""
        self.now += timedelta(**step)
        return self.now


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the developer's environment and `.env` out of the tests."""
    for name in [name for name in os.environ if name.startswith("RAPPORT_") and not name.startswith("RAPPORT_TEST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("RAPPORT_HOME", str(tmp_path / "home"))


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_slow_on_purpose() -> Iterator[None]:
    """Hash passwords quickly and do not wait for the disk; that both take their time in earnest has its own tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_DURABLE", "OFF")
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(database.sa, "create_engine", _remembering(sa.create_engine))
        yield


def _remembering(create: Callable[..., sa.Engine]) -> Callable[..., sa.Engine]:
    """Let all engines of a kind share their dialect and what they compiled: each test has an engine of its own."""
    first: dict[str, sa.Engine] = {}

    def make(url: sa.URL | str, **options: Any) -> sa.Engine:
        engine = create(url, **options)
        if isinstance(url, str):  # not by `Database`
            return engine
        shared = first.get(url.get_backend_name(), engine)
        if shared.dialect.server_version_info is None:  # it never got through to a server
            first[url.get_backend_name()] = engine
            return engine
        engine.dialect = engine.pool._dialect = shared.dialect
        engine._compiled_cache = shared._compiled_cache
        return engine

    return make


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A fresh installation: its own home, its own secrets."""
    return Settings.load(home=tmp_path / "home")


@pytest.fixture
def clock() -> FakeClock:
    """A clock at half past nine on a Monday."""
    return FakeClock()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file, to be copied: migrating anew for each test would take most of its time."""
    path = tmp_path_factory.mktemp("migrated") / "rapport.db"
    made = Database(f"sqlite:///{path}")
    upgrade(made)
    with made.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    made.close()
    return path


@pytest.fixture
def crm(settings: Settings, clock: FakeClock, migrated_file: Path) -> Iterator[Crm]:
    """The library on a migrated SQLite file of its own."""
    shutil.copy(migrated_file, settings.home / "rapport.db")
    made = Crm(settings, clock)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_crm(request: pytest.FixtureRequest, settings: Settings, clock: FakeClock) -> Iterator[Crm]:
    """The library on SQLite and on PostgreSQL, one after the other: the same tests, the same answers."""
    if request.param == "sqlite":
        yield request.getfixturevalue("crm")
        return
    url = request.getfixturevalue("migrated_postgres_url")
    made = Crm(settings.model_copy(update={"database_url": url}), clock)
    yield made
    _empty(made.database)
    made.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[sa.Engine]:
    """A PostgreSQL server where tests may make schemas; skips without one, except on CI."""
    engine = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except sa.exc.OperationalError as error:
        reason = f"no PostgreSQL at {engine.url!r} (set RAPPORT_TEST_POSTGRES): {error.orig}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_url(postgres_server: sa.Engine) -> Iterator[str]:
    """The URL of an empty schema that is this test's alone."""
    with _schema(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres_url(postgres_server: sa.Engine) -> Iterator[str]:
    """The URL of a migrated schema that is this process's alone; `any_crm` empties it after each test."""
    with _schema(postgres_server) as url:
        made = Database(url)
        upgrade(made)
        made.close()
        yield url


@contextmanager
def _schema(server: sa.Engine) -> Iterator[str]:
    name = f"rapport_{uuid4().hex}"
    with server.connect() as connection:
        connection.execute(sa.schema.CreateSchema(name))
    url = server.url.update_query_dict({"options": f"-csearch_path={name} -csynchronous_commit=off"})
    yield url.render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(sa.schema.DropSchema(name, cascade=True))


def _empty(emptied: Database) -> None:
    """Delete every row, foreign keys and append-only rules aside: ten times as fast as TRUNCATE or a new schema."""
    deletes = "; ".join(f"DELETE FROM {name}" for name in (*metadata.tables, "interactions_sent"))
    with emptied.writing() as connection:
        connection.exec_driver_sql(f"SET LOCAL session_replication_role = replica; {deletes}")
