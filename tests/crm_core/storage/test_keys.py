"""An erased customer's key is gone in every process at once; a new master key touches no value; a wrong one no row."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from crm_core.crm import Crm
from crm_core.errors import NotAllowed, SettingsInvalid
from crm_core.records.people import SYSTEM, Actor
from crm_core.settings import Settings, new_key, replace_master_key
from crm_core.storage import tables
from crm_core.storage.keys import KeyRing, SubjectKeyGone

OTHER = base64.urlsafe_b64encode(bytes([7]) * 32).decode()


def sealed_value(crm: Crm, value: str = "ann@example.com") -> tuple[str, bytes]:
    """Seal a value under a new key; give the key's id and what was sealed."""
    with crm.database.writing() as connection:
        key_id = crm._context.keys.create(connection)
        return key_id, crm._context.keys.seal(connection, key_id, value)


def opened(crm: Crm, key_id: str, sealed: bytes) -> str:
    """Open a value in a transaction of its own."""
    with crm.database.reading() as connection:
        return crm._context.keys.open(connection, key_id, sealed)


def same_database(crm: Crm, settings: Settings | None = None) -> Crm:
    """Give what another process would have: the same database, its own keys in memory."""
    changed = (settings or crm.settings).model_copy(update={"database_url": crm.settings.database_url})
    return Crm(changed, crm._context.clock)


@pytest.fixture
def another(any_crm: Crm) -> Iterator[Callable[..., Crm]]:
    """Start other processes' libraries on the same database."""
    made: list[Crm] = []

    def start(settings: Settings | None = None) -> Crm:
        made.append(same_database(any_crm, settings))
        return made[-1]

    yield start
    for each in made:
        each.close()


def test_an_erasure_in_another_process_closes_the_values_here_at_once(any_crm: Crm, another) -> None:
    here, there = any_crm, another()
    key_id, sealed = sealed_value(here)
    assert opened(here, key_id, sealed) == "ann@example.com"  # and in memory from now on
    with there.database.writing() as connection:
        there._context.keys.destroy(connection, key_id)
    with pytest.raises(SubjectKeyGone):
        opened(here, key_id, sealed)


def test_what_was_read_before_an_erasure_is_not_kept_for_those_who_come_after(any_crm: Crm, another) -> None:
    here, there = any_crm, another()
    key_id, sealed = sealed_value(there)
    keys = here._context.keys
    with here.database.reading() as early:
        assert keys.open(early, key_id, sealed) == "ann@example.com"
        with there.database.writing() as connection:
            there._context.keys.destroy(connection, key_id)
        with pytest.raises(SubjectKeyGone):
            opened(here, key_id, sealed)
        keys._remember(early, {key_id: keys.vault.cipher(keys.vault.new_key())})
    with pytest.raises(SubjectKeyGone):
        opened(here, key_id, sealed)


def test_keys_of_others_stay_usable_after_an_erasure(any_crm: Crm, another) -> None:
    key_id, sealed = sealed_value(any_crm)
    gone, _ = sealed_value(any_crm)
    with another().database.writing() as connection:
        any_crm._context.keys.destroy(connection, gone)
    assert opened(any_crm, key_id, sealed) == "ann@example.com"


def test_a_key_in_memory_is_looked_up_once_in_a_transaction(any_crm: Crm) -> None:
    key_id, sealed = sealed_value(any_crm)
    opened(any_crm, key_id, sealed)
    asked: list[str] = []
    sa.event.listen(any_crm.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    with any_crm.database.reading() as connection:
        for _ in range(50):
            any_crm._context.keys.open(connection, key_id, sealed)
    assert len([one for one in asked if one.startswith("SELECT")]) == 1


def test_a_rotation_wraps_the_keys_anew_and_touches_no_other_row(any_crm: Crm, another) -> None:
    any_crm.migrate()
    kept = [sealed_value(any_crm, f"value {number}") for number in range(7)]
    customer = any_crm.customers.create(source="test", name="Ann", email="ann@example.com")
    before = rows_but(any_crm, "subject_keys", "key_ring", "access_log")
    wrapped = wrapped_keys(any_crm)
    settings = replace_master_key(any_crm.settings)
    rotated = another(settings)
    done = rotated.keys.rotate(actor=SYSTEM)
    assert (done.keys, done.rewrapped) == (8, 8)
    assert rows_but(any_crm, "subject_keys", "key_ring", "access_log") == before
    assert not set(wrapped) & set(wrapped_keys(any_crm))
    without = another(settings.model_copy(update={"encryption_key_before": SecretStr("")}))
    without.migrate()
    assert [opened(without, *each) for each in kept] == [f"value {number}" for number in range(7)]
    assert without.customers.get(customer, actor=SYSTEM, unmask=True).name == "Ann"
    assert [entry.action for entry in rotated.staff.accesses("keys", actor=SYSTEM)] == ["master_key_rotated"]


def test_a_rotation_goes_on_where_it_was_broken_off(any_crm: Crm, another, monkeypatch: pytest.MonkeyPatch) -> None:
    any_crm.migrate()
    kept = [sealed_value(any_crm, f"value {number}") for number in range(5)]
    monkeypatch.setattr("crm_core.storage.keys._AT_ONCE", 2)
    settings = replace_master_key(any_crm.settings)
    halfway = another(settings)

    def power_cut(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        halfway.keys.rotate(actor=SYSTEM, progress=power_cut)
    assert [opened(halfway, *each) for each in kept] == [f"value {number}" for number in range(5)]
    done = another(settings).keys.rotate(actor=SYSTEM)
    assert (done.keys, done.rewrapped) == (5, 3)


def test_a_process_from_before_the_rotation_goes_on_reading_and_writing(any_crm: Crm, another) -> None:
    any_crm.migrate()
    old = sealed_value(any_crm)
    running = another()
    settings = replace_master_key(any_crm.settings)
    another(settings).keys.rotate(actor=SYSTEM)
    assert opened(running, *old) == "ann@example.com"
    made = sealed_value(running, "new")
    alone = another(settings.model_copy(update={"encryption_key_before": SecretStr("")}))
    assert opened(alone, *made) == "new", "wrapped by the new master key, not by the one that it was started with"


def test_until_a_rotation_a_new_master_key_from_the_environment_wraps_nothing(any_crm: Crm, another) -> None:
    any_crm.migrate()
    present = any_crm.settings.encryption_key
    early = another(any_crm.settings.model_copy(
        update={"encryption_key": SecretStr(OTHER), "encryption_key_before": present}
    ))  # fmt: skip
    early.migrate()
    assert not early.keys.present()
    made = sealed_value(early, "both can")
    assert opened(any_crm, *made) == "both can"


@pytest.mark.parametrize(
    ("name", "field"), [("RAPPORT_ENCRYPTION_KEY", "encryption_key"), ("RAPPORT_INDEX_KEY", "index_key")]
)
def test_a_wrong_key_is_named_at_the_start_and_changes_nothing(any_crm: Crm, another, name: str, field: str) -> None:
    any_crm.migrate()
    any_crm.customers.create(source="test", name="Ann", email="ann@example.com")
    before = rows_but(any_crm)
    wrong = any_crm.settings.model_copy(update={field: SecretStr(new_key()), "secrets": any_crm.settings.home / "none"})
    with pytest.raises(SettingsInvalid, match=f"{name} is not the key that this database was written with"):
        another(wrong).migrate()
    with pytest.raises(SettingsInvalid, match=name):
        another(wrong).customers.create(source="test", name="Bob")
    assert rows_but(any_crm) == before
    any_crm.migrate()


def test_a_wrong_key_is_noticed_in_a_database_that_does_not_know_its_keys_yet(any_crm: Crm, another) -> None:
    sealed_value(any_crm)
    with any_crm.database.writing() as connection:
        connection.execute(tables.key_ring.delete())
    wrong = any_crm.settings.model_copy(
        update={"encryption_key": SecretStr(OTHER), "secrets": any_crm.settings.home / "none"}
    )
    with pytest.raises(SettingsInvalid, match="RAPPORT_ENCRYPTION_KEY"):
        another(wrong).migrate()


def test_only_who_may_manage_staff_rotates(any_crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        any_crm.keys.rotate(actor=Actor("m1", "manager"))


def rows_but(crm: Crm, *left_out: str) -> list[str]:
    """Give every row of every table but some."""
    with crm.database.reading() as connection:
        return [
            f"{table.name}: {tuple(row)}"
            for table in tables.metadata.sorted_tables
            if table.name not in left_out
            for row in connection.execute(sa.select(table).order_by(*table.primary_key.columns))
        ]


def wrapped_keys(crm: Crm) -> list[bytes]:
    with crm.database.reading() as connection:
        return list(connection.scalars(sa.select(tables.subject_keys.c.wrapped_key)))


def test_a_key_ring_needs_no_row_to_open_what_it_made(any_crm: Crm) -> None:
    ring = KeyRing(any_crm._context.keys.vault, any_crm._context.clock, cached=1)
    with any_crm.database.writing() as connection:
        first, second = ring.create_many(connection, 2)
        sealed = [ring.seal(connection, first, "one"), ring.seal(connection, second, "two")]
        assert [ring.open(connection, key, one) for key, one in zip((first, second), sealed, strict=True)] == [
            "one",
            "two",
        ]
