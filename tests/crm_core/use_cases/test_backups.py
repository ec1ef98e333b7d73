"""A backup holds all but the keys, goes onto either database, and refuses what it cannot be restored from or into."""

from __future__ import annotations

import hashlib
import itertools
import json
import stat
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput, NotAllowed, SettingsInvalid, VersionUnknown
from crm_core.records.people import SYSTEM, Actor, Role
from crm_core.settings import Settings
from crm_core.storage import migrations
from crm_core.storage.tables import metadata
from tests.crm_core.storage.every_table import Content, content, fill
from tests.crm_core.use_cases.talking import begun

PDF = b"%PDF-1.7 the customer's invoice"
NAME = "Renée 😀 𠮷山"
NotEmpty = Callable[[Crm], object]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_crm(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Iterator[Crm]:
    """Another installation with the same keys, of either kind, that holds nothing."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = Crm(settings.model_copy(update={"home": tmp_path / "other", "database_url": url}))
    yield made
    made.close()


@pytest.fixture
def filled(any_crm: Crm) -> Crm:
    """An installation with a row in every table, a customer and a file."""
    any_crm.keys.verify()
    any_crm.customers.create(source="test", email="zoe@example.com", name=NAME)
    any_crm.attachments.keep(begun(any_crm, "hello"), "a.pdf", PDF)
    with any_crm.database.writing() as connection:
        tables = [table for table in metadata.sorted_tables if table.name not in ("access_log", "key_ring")]
        fill(connection, tables, itertools.count(1))
    return any_crm


def everything(crm: Crm) -> Content:
    """Give all rows but the last entry of the access log, in an order that does not depend on the database."""
    with crm.database.reading() as connection:
        found = content(connection, metadata.sorted_tables)
    return {name: sorted(rows, key=lambda row: json.dumps(row, default=str)) for name, rows in found.items()}


def test_what_was_backed_up_is_there_again_on_either_database(filled: Crm, empty_crm: Crm, tmp_path: Path) -> None:
    made = filled.backups.make(tmp_path / "all.backup", actor=SYSTEM)
    before = everything(filled)
    restored = empty_crm.backups.restore(tmp_path / "all.backup", actor=SYSTEM)
    after = everything(empty_crm)
    assert restored == made
    assert made.rows == {name: len(rows) for name, rows in before.items()}
    assert min(made.rows.values()) > 0
    entries = after.pop("access_log")
    assert before.pop("access_log") == [entry for entry in entries if entry["action"] != "backup_restored"]
    assert after == before
    assert empty_crm.staff.verify_access_log().intact


def test_the_restored_installation_goes_on(filled: Crm, empty_crm: Crm, tmp_path: Path) -> None:
    filled.backups.make(tmp_path / "all.backup", actor=SYSTEM)
    empty_crm.backups.restore(tmp_path / "all.backup", actor=SYSTEM)
    empty_crm.migrate()
    customer_id = empty_crm.customers.find("email", "zoe@example.com")
    assert customer_id is not None
    assert empty_crm.customers.get(customer_id, actor=SYSTEM, unmask=True).name == NAME
    (file,) = (empty_crm.settings.home / "attachments").iterdir()
    assert empty_crm.attachments.open(file.name)[1] == PDF
    empty_crm.conversations.accept(begun(empty_crm, "hello again"), {"text": "and on"})


def test_a_backup_is_its_owners_and_holds_neither_names_nor_keys(filled: Crm, tmp_path: Path) -> None:
    path = tmp_path / "all.backup"
    filled.backups.make(path, actor=SYSTEM)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with zipfile.ZipFile(path) as archive:
        held = b"".join(archive.read(name) for name in archive.namelist())
    settings = filled.settings
    for secret in (NAME, "zoe@example.com", *settings.master_keys, settings.index_key.get_secret_value()):
        assert secret.encode() not in held


def test_a_backup_of_an_earlier_version_is_brought_up_to_date(crm: Crm, empty_crm: Crm, tmp_path: Path) -> None:
    crm.customers.create(source="test", email="zoe@example.com", name=NAME)
    crm.backups.make(tmp_path / "new.backup", actor=SYSTEM)
    crm.schema.down("0013")
    rewrite(tmp_path / "new.backup", tmp_path / "old.backup", version="0013", database=raw_copy(crm))
    empty_crm.backups.restore(tmp_path / "old.backup", actor=SYSTEM)
    assert empty_crm.schema.current() == migrations.head()
    assert empty_crm.customers.find("email", "zoe@example.com")


def test_an_existing_file_is_replaced_only_when_asked_to(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "all.backup"
    path.write_text("mine")
    with pytest.raises(InvalidInput, match="exists already"):
        crm.backups.make(path, actor=SYSTEM)
    assert path.read_text() == "mine"
    crm.backups.make(path, actor=SYSTEM, replace=True)
    assert zipfile.is_zipfile(path)


def test_a_backup_that_cannot_be_written_leaves_nothing_behind(crm: Crm, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be written"):
        crm.backups.make(tmp_path / "nowhere" / "all.backup", actor=SYSTEM)
    assert not (tmp_path / "nowhere").exists()


def test_agents_may_neither_make_nor_restore_one(crm: Crm, tmp_path: Path) -> None:
    agent = Actor("agent-1", Role.AGENT)
    with pytest.raises(NotAllowed):
        crm.backups.make(tmp_path / "all.backup", actor=agent)
    with pytest.raises(NotAllowed):
        crm.backups.restore(tmp_path / "all.backup", actor=agent)


@pytest.mark.parametrize("name", ["missing", "text", "other archive", "cut", "changed"])
def test_a_wrong_file_is_refused_and_nothing_is_changed(crm: Crm, empty_crm: Crm, tmp_path: Path, name: str) -> None:
    good, bad = tmp_path / "good.backup", tmp_path / "bad.backup"
    crm.backups.make(good, actor=SYSTEM)
    if name == "text":
        bad.write_text("number,total\n1,2\n")
    elif name == "other archive":
        with zipfile.ZipFile(bad, "w") as archive:
            archive.writestr("holiday.txt", "sun")
    elif name == "cut":
        bad.write_bytes(good.read_bytes()[:-2000])
    elif name == "changed":
        rewrite(good, bad, database=b"SQLite format 3\0 of somebody else")
    with pytest.raises(InvalidInput, match="file"):
        empty_crm.backups.restore(bad, actor=SYSTEM)
    assert empty_crm.schema.current() is None
    assert not (empty_crm.settings.home / "attachments").exists()


@pytest.mark.parametrize("change", [{"version": "9999"}, {"format": 2}])
def test_a_backup_of_a_newer_program_is_refused(
    crm: Crm, empty_crm: Crm, tmp_path: Path, change: dict[str, str | int]
) -> None:
    crm.backups.make(tmp_path / "good.backup", actor=SYSTEM)
    rewrite(tmp_path / "good.backup", tmp_path / "newer.backup", **change)
    with pytest.raises(VersionUnknown, match="newer than this program"):
        empty_crm.backups.restore(tmp_path / "newer.backup", actor=SYSTEM)


def _a_customer(crm: Crm) -> None:
    crm.migrate()
    crm.customers.create(source="test", email="here@example.com")


def _a_file(crm: Crm) -> None:
    folder = crm.settings.home / "attachments"
    folder.mkdir(parents=True)
    (folder / "0192f0c1-2345-7abc-8def-0123456789ab").write_bytes(b"sealed")


@pytest.mark.parametrize("hold", [_a_customer, _a_file])
def test_an_installation_that_holds_something_is_left_alone(
    crm: Crm, empty_crm: Crm, tmp_path: Path, hold: NotEmpty
) -> None:
    crm.backups.make(tmp_path / "all.backup", actor=SYSTEM)
    hold(empty_crm)
    with pytest.raises(Conflict, match="empty installation"):
        empty_crm.backups.restore(tmp_path / "all.backup", actor=SYSTEM)


def test_an_installation_that_was_only_started_may_be_filled(crm: Crm, empty_crm: Crm, tmp_path: Path) -> None:
    crm.customers.create(source="test", email="zoe@example.com")
    crm.backups.make(tmp_path / "all.backup", actor=SYSTEM)
    empty_crm.migrate()
    empty_crm.backups.restore(tmp_path / "all.backup", actor=SYSTEM)
    assert empty_crm.customers.find("email", "zoe@example.com")


def test_without_the_keys_of_the_backup_nothing_is_restored(crm: Crm, tmp_path: Path) -> None:
    crm.migrate()
    crm.customers.create(source="test", email="zoe@example.com")
    crm.backups.make(tmp_path / "all.backup", actor=SYSTEM)
    stranger = Crm(Settings.load(home=tmp_path / "stranger"))
    try:
        with pytest.raises(SettingsInvalid, match="RAPPORT_ENCRYPTION_KEY"):
            stranger.backups.restore(tmp_path / "all.backup", actor=SYSTEM)
        assert stranger.schema.current() is None
    finally:
        stranger.close()


def test_a_name_that_leads_out_of_the_folder_is_refused(crm: Crm, empty_crm: Crm, tmp_path: Path) -> None:
    crm.backups.make(tmp_path / "good.backup", actor=SYSTEM)
    with zipfile.ZipFile(tmp_path / "good.backup", "a") as archive:
        archive.writestr("attachments/../../secret", "sun")
    with pytest.raises(InvalidInput, match="no attachment"):
        empty_crm.backups.restore(tmp_path / "good.backup", actor=SYSTEM)
    assert not (tmp_path / "secret").exists()


def raw_copy(crm: Crm) -> bytes:
    """Give a SQLite installation's database file."""
    with crm.database.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    return (crm.settings.home / "rapport.db").read_bytes()


def rewrite(good: Path, bad: Path, database: bytes | None = None, **changed: str | int) -> None:
    """Write a backup again with another database or another manifest."""
    with zipfile.ZipFile(good) as archive, zipfile.ZipFile(bad, "w") as other:
        manifest = json.loads(archive.read("manifest.json")) | changed
        held = database if database is not None else archive.read("rapport.db")
        if "version" in changed:
            manifest["sha256"] = hashlib.sha256(held).hexdigest()
        other.writestr("manifest.json", json.dumps(manifest))
        other.writestr("rapport.db", held)
