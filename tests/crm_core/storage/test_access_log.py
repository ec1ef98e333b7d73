"""Nothing in the access log can be changed, taken out or cut off without a check that names the place."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.privacy.chain import Anchor
from crm_core.records.people import SYSTEM

ENTRIES = 6


@pytest.fixture
def logged(any_crm: Crm) -> Crm:
    """A log of some entries, open to whoever has the database in their hands."""
    for number in range(ENTRIES):
        any_crm.staff.log(SYSTEM, "customer_unmasked", f"customer-{number}", ("name",))
    with any_crm.database.writing() as connection:
        for deed in ("update", "delete"):
            on = " ON access_log" if connection.dialect.name == "postgresql" else ""
            connection.execute(sa.text(f"DROP TRIGGER no_{deed}_of_access_log{on}"))
    yield any_crm
    if any_crm.database.url.get_backend_name() == "postgresql":
        with any_crm.database.writing() as connection:
            for deed in ("update", "delete"):
                connection.execute(sa.text(
                    f"CREATE TRIGGER no_{deed}_of_access_log BEFORE {deed.upper()} ON access_log "
                    "FOR EACH ROW EXECUTE FUNCTION rapport_append_only()"
                ))  # fmt: skip


def ids(crm: Crm) -> list[int]:
    with crm.database.reading() as connection:
        return list(connection.scalars(sa.text("SELECT id FROM access_log ORDER BY id")))


def do(crm: Crm, statement: str, **values: object) -> None:
    with crm.database.writing() as connection:
        connection.execute(sa.text(statement), values)


def test_a_whole_log_is_said_to_be_whole(logged: Crm) -> None:
    found = logged.staff.verify_access_log()
    assert found.intact
    assert found.entries == ENTRIES
    assert found.end == Anchor(ids(logged)[-1], found.last_hash)


@pytest.mark.parametrize(
    ("column", "value"), [("actor", "somebody"), ("action", "nothing"), ("subject", "x"), ("role", "admin")]
)
def test_a_changed_entry_is_named(logged: Crm, column: str, value: str) -> None:
    changed = ids(logged)[2]
    do(logged, f"UPDATE access_log SET {column} = :value WHERE id = :id", value=value, id=changed)
    found = logged.staff.verify_access_log()
    assert (found.intact, found.broken_id, found.why, found.entries) == (False, changed, "changed", 2)


def test_entries_taken_out_of_the_middle_are_noticed_at_the_one_after(logged: Crm) -> None:
    _, first, second, after, *_ = ids(logged)
    do(logged, "DELETE FROM access_log WHERE id IN (:first, :second)", first=first, second=second)
    found = logged.staff.verify_access_log()
    assert (found.broken_id, found.why) == (after, "gone_before")


def test_the_first_entry_cannot_go_either(logged: Crm) -> None:
    first, second, *_ = ids(logged)
    do(logged, "DELETE FROM access_log WHERE id = :id", id=first)
    assert logged.staff.verify_access_log().broken_id == second


def test_two_entries_that_change_places_are_noticed(logged: Crm) -> None:
    _, one, other, *_ = ids(logged)
    do(logged, "UPDATE access_log SET id = 999999 WHERE id = :id", id=one)
    do(logged, "UPDATE access_log SET id = :to WHERE id = :id", to=one, id=other)
    do(logged, "UPDATE access_log SET id = :to WHERE id = 999999", to=other)
    assert logged.staff.verify_access_log().broken_id == one


def test_a_log_cut_off_at_its_end_shows_against_an_earlier_end(logged: Crm) -> None:
    end = logged.staff.verify_access_log().end
    do(logged, "DELETE FROM access_log WHERE id > :id", id=ids(logged)[3])
    assert logged.staff.verify_access_log().intact, "by itself it is a whole log of four entries"
    found = logged.staff.verify_access_log(end)
    assert (found.intact, found.why, found.entries) == (False, "cut_off", 4)


def test_a_log_that_grew_fits_an_earlier_end(logged: Crm) -> None:
    end = logged.staff.verify_access_log().end
    logged.staff.log(SYSTEM, "customer_exported", "customer-9")
    assert logged.staff.verify_access_log(end).intact


def test_whoever_has_no_key_cannot_write_an_entry_that_fits(logged: Crm) -> None:
    end = logged.staff.verify_access_log().end
    assert end is not None
    with logged.database.writing() as connection:
        connection.execute(sa.text(
            "INSERT INTO access_log (at, actor, role, action, subject, fields, previous_hash, hash) "
            "SELECT at, actor, role, action, 'other', fields, hash, :forged FROM access_log WHERE id = :id"
        ), {"id": end.id, "forged": "a" * 64})  # fmt: skip
    assert logged.staff.verify_access_log().broken_id == ids(logged)[-1]
