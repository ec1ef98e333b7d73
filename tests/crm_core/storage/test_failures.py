"""When the database cannot be written or reached, the sender is told and nothing is half-written."""

from __future__ import annotations

import importlib.util
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.settings import Settings
from crm_core.storage import database
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answer, begun, leased, said


def in_earnest() -> str:
    """How far commits wait for the disk outside the tests, which do not wait."""
    spec = importlib.util.find_spec("crm_core.storage.database")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    return str(fresh._DURABLE)


@contextmanager
def pragma(crm: Crm, setting: str) -> Iterator[None]:
    """Set something on every connection of the library's."""

    def set_it(connection: object, *_: object) -> None:
        connection.execute(f"PRAGMA {setting}")  # type: ignore[attr-defined]

    sa.event.listen(crm.database.engine, "checkout", set_it)
    yield
    sa.event.remove(crm.database.engine, "checkout", set_it)


def test_a_read_only_database_refuses_and_keeps_what_it_has(crm: Crm) -> None:
    conversation_id = begun(crm, "hello")
    turn = leased(crm, conversation_id)
    with pragma(crm, "query_only = 1"):
        with pytest.raises(StorageUnavailable, match="readonly"):
            crm.conversations.accept(conversation_id, {"text": "are you there?"})
        with pytest.raises(StorageUnavailable):
            crm.conversations.open("web", "visitor-2")
        with pytest.raises(StorageUnavailable):
            crm.conversations.finish_turn(turn, answer("hi"))
        assert said(crm, conversation_id) == [("customer", "hello")], "reading still works"
    with pragma(crm, "query_only = 0"):
        assert crm.conversations.accept(conversation_id, {"text": "are you there?"}).message.seq == 2
        assert crm.conversations.finish_turn(turn, answer("hi"))[0].seq == 3


def test_a_file_without_write_permission_is_said_to_be_so(settings: Settings, migrated_file: Path) -> None:
    path = settings.home / "rapport.db"
    shutil.copy(migrated_file, path)
    url = f"sqlite:///file:{path}?mode=ro&uri=true"
    crm = Crm(settings.model_copy(update={"database_url": url}))
    with pytest.raises(StorageUnavailable):
        crm.conversations.open("web", "visitor-1")
    crm.close()


def written_until_full(crm: Crm, conversation_id: str) -> int:
    """Write until the database says that it is full, and give how many messages it took."""
    for accepted in range(1000):
        try:
            crm.conversations.accept(conversation_id, {"text": "x" * 3000})
        except StorageUnavailable:
            with pytest.raises(StorageUnavailable, match="full"):
                crm.conversations.accept(conversation_id, {"text": "x" * 3000})
            return accepted
    pytest.fail("the disk was never full")


def test_a_full_disk_loses_nothing_and_half_writes_nothing(crm: Crm) -> None:
    conversation_id = begun(crm)
    with crm.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    with pragma(crm, f"max_page_count = {pages}"):
        accepted = written_until_full(crm, conversation_id)
    with pragma(crm, "max_page_count = 100000"):
        assert [message.seq for message in crm.conversations.messages(conversation_id)] == list(range(1, accepted + 1))
        assert crm.conversations.accept(conversation_id, {"text": "space again"}).message.seq == accepted + 1
        for _ in range(accepted + 1):
            crm.conversations.finish_turn(leased(crm, conversation_id), answer("ok"))


def test_what_is_accepted_waits_for_the_disk_and_a_lease_does_not(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    levels: list[str] = []
    sa.event.listen(
        crm.database.engine,
        "before_cursor_execute",
        lambda *given: levels.append(given[2]) if "synchronous" in given[2] else None,
    )
    monkeypatch.setattr(database, "_DURABLE", in_earnest())
    conversation_id = begun(crm, "hello")
    turn = leased(crm, conversation_id)
    crm.conversations.finish_turn(turn, answer("hi"))
    assert [level.partition("=")[2] for level in levels] == ["FULL", "FULL", "NORMAL", "FULL"]


def test_a_file_that_is_no_database_is_said_to_be_none(settings: Settings) -> None:
    (settings.home / "rapport.db").write_bytes(b"this is not a database, but it is long enough to look at" * 20)
    crm = Crm(settings)
    with pytest.raises(StorageUnavailable, match="not a database"):
        crm.migrate()
    assert not crm.health().reachable
    crm.close()


def test_a_database_that_was_never_migrated_is_unavailable(settings: Settings) -> None:
    crm = Crm(settings)
    with pytest.raises(StorageUnavailable, match="no such table"):
        crm.conversations.open("web", "visitor-1")
    crm.close()


def test_a_server_that_is_away_is_said_to_be_away(settings: Settings) -> None:
    crm = Crm(settings.model_copy(update={"database_url": "postgresql+psycopg://nobody@127.0.0.1:1/none"}))
    with pytest.raises(StorageUnavailable, match="postgresql"):
        crm.conversations.open("web", "visitor-1")
    crm.close()


def test_a_server_that_comes_back_serves_again(
    settings: Settings, clock: FakeClock, migrated_postgres_url: str, postgres_server: sa.Engine
) -> None:
    crm = Crm(settings.model_copy(update={"database_url": migrated_postgres_url}), clock)
    conversation_id = crm.conversations.open("web", "visitor-of-the-restart").id
    ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'rapport-test-restart'"
    with crm.database.reading() as connection:
        connection.exec_driver_sql("SET application_name = 'rapport-test-restart'")
        connection.commit()
    with postgres_server.connect() as connection:
        connection.exec_driver_sql(ours)
    assert crm.conversations.accept(conversation_id, {"text": "hello"}).message.seq == 1
    crm.close()


def test_writers_of_one_process_wait_in_line(crm: Crm) -> None:
    conversation_id = begun(crm)
    waits: list[float] = []

    def write(_number: int) -> None:
        started = time.perf_counter()
        crm.conversations.accept(conversation_id, {"text": "hello"})
        waits.append(time.perf_counter() - started)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(160)))
    assert crm.conversations.get(conversation_id).last_seq == 160
    assert max(waits) < 5, "nobody starves"


def test_readers_do_not_wait_for_a_writer(crm: Crm) -> None:
    conversation_id = begun(crm, "hello")
    writing, read = Event(), Event()

    def write() -> None:
        with crm.database.writing() as connection:
            connection.exec_driver_sql("UPDATE conversations SET language = 'zh'")
            writing.set()
            assert read.wait(5)

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write)
        assert writing.wait(5)
        assert crm.conversations.get(conversation_id).language == "en"
        read.set()
        written.result()
    assert crm.conversations.get(conversation_id).language == "zh"
