"""Staff: signed in by password, allowed by role, watched by a log that shows tampering."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import AgentNotFound, Conflict, InvalidInput, NotAllowed
from crm_core.privacy import rights
from crm_core.records.people import SYSTEM, Actor, Role
from crm_core.storage.tables import access_log, agents
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import employed


def test_the_first_administrator_is_made_once(any_crm: Crm) -> None:
    made = any_crm.staff.first_admin()
    assert made is not None
    assert any_crm.staff.first_admin() is None
    admin = any_crm.staff.sign_in(*made)
    assert (admin.role, any_crm.staff.may(admin, "staff")) == (Role.ADMIN, True)


def test_processes_that_start_together_make_one_administrator(any_crm: Crm) -> None:
    with ThreadPoolExecutor(4) as pool:
        made = [one for one in pool.map(lambda _: any_crm.staff.first_admin(), range(4)) if one]
    assert len(made) == 1
    assert any_crm.staff.sign_in(*made[0]).role is Role.ADMIN


def test_who_shows_the_password_is_let_in(any_crm: Crm, clock: FakeClock) -> None:
    mei, password = any_crm.staff.create("Mei@Example.com", "Mei", "agent", language="zh")
    assert any_crm.staff.sign_in(" mei@example.COM ", password) == mei
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(agents.c.last_sign_in_at)) == clock.now


def test_a_wrong_password_and_an_unknown_address_are_not_told_apart(any_crm: Crm) -> None:
    employed(any_crm, "Mei")
    told = set()
    for email, password in (("mei@example.com", "wrong password"), ("tom@example.com", "a long password")):
        with pytest.raises(NotAllowed) as refused:
            any_crm.staff.sign_in(email, password)
        told.add(str(refused.value))
    assert len(told) == 1


def test_who_no_longer_works_here_is_not_let_in(any_crm: Crm) -> None:
    mei, boss = employed(any_crm, "Mei"), employed(any_crm, "Boss", "admin")
    any_crm.staff.set_active(mei.id, False, actor=any_crm.staff.actor(boss))
    with pytest.raises(NotAllowed):
        any_crm.staff.sign_in("mei@example.com", "a long password")
    assert not any_crm.staff.may(any_crm.staff.get(mei.id), "desk")


def test_passwords_are_kept_as_argon2id_only(any_crm: Crm) -> None:
    _, password = any_crm.staff.create("mei@example.com", "Mei", "agent")
    with any_crm.database.reading() as connection:
        kept = connection.scalar(sa.select(agents.c.password_hash))
    assert kept is not None
    assert kept.startswith("$argon2id$")
    assert password not in kept


def test_a_password_can_be_changed_by_oneself_or_an_administrator(any_crm: Crm) -> None:
    mei, tom, boss = employed(any_crm, "Mei"), employed(any_crm, "Tom"), employed(any_crm, "Boss", "admin")
    with pytest.raises(NotAllowed):
        any_crm.staff.set_password(mei.id, "another password", actor=any_crm.staff.actor(tom))
    any_crm.staff.set_password(mei.id, "my own password", actor=any_crm.staff.actor(mei))
    assert any_crm.staff.sign_in("mei@example.com", "my own password") == mei
    fresh = any_crm.staff.set_password(mei.id, None, actor=any_crm.staff.actor(boss))
    assert any_crm.staff.sign_in("mei@example.com", fresh) == mei


@pytest.mark.parametrize(
    ("email", "name", "role", "password", "field"),
    [
        ("nobody", "Mei", "agent", None, "email"),
        ("mei@example.com", " ", "agent", None, "name"),
        ("mei@example.com", "Mei", "king", None, "role"),
        ("mei@example.com", "Mei", "agent", "short", "password"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(
    any_crm: Crm, email: str, name: str, role: str, password: str | None, field: str
) -> None:
    with pytest.raises(InvalidInput, match=field):
        any_crm.staff.create(email, name, role, password)
    assert any_crm.staff.list() == []


def test_no_two_people_sign_in_with_one_address(any_crm: Crm) -> None:
    employed(any_crm, "Mei")
    with pytest.raises(Conflict):
        any_crm.staff.create("MEI@example.com", "Another Mei", "agent")


def test_only_an_administrator_adds_people(any_crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        any_crm.staff.create("tom@example.com", "Tom", "admin", actor=Actor("x", "manager"))


def test_the_staff_is_listed_by_name(any_crm: Crm) -> None:
    tom, mei = employed(any_crm, "Tom"), employed(any_crm, "Mei")
    assert any_crm.staff.list() == [mei, tom]
    any_crm.staff.set_language(mei.id, "zh")
    assert any_crm.staff.get(mei.id) == replace(mei, language="zh")
    with pytest.raises(InvalidInput):
        any_crm.staff.set_language(mei.id, "fr")
    with pytest.raises(AgentNotFound):
        any_crm.staff.get("01234567-89ab-7def-8123-456789abcdef")


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("agent", {"desk", "customers", "search"}),
        ("supervisor", {"desk", "customers", "search", "unmask", "assign", "replies", "identity"}),
        (
            "manager",
            {
                *("desk", "customers", "search", "unmask", "assign", "replies", "identity"),
                *("insights", "export", "erase", "import", "access_log", "knowledge"),
            },
        ),
        ("admin", set(rights.RIGHTS)),
        ("system", set(rights.RIGHTS)),
        ("customer", set()),
        ("", set()),
        ("king", set()),
    ],
)
def test_what_each_role_may(role: str, allowed: set[str]) -> None:
    assert {right for right in rights.RIGHTS if rights.may(role, right)} == allowed
    assert not rights.may(role, "anything else")


def filled_log(crm: Crm) -> None:
    """Write five entries."""
    for number in range(5):
        crm.staff.log(Actor(f"agent-{number}", "supervisor"), "customer_unmasked", f"customer-{number}", ["email"])


def tamper(crm: Crm, statement: sa.Executable) -> None:
    """Change the log the way somebody with the database in their hands could."""
    with crm.database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            connection.exec_driver_sql("DROP TRIGGER no_update_of_access_log")
            connection.exec_driver_sql("DROP TRIGGER no_delete_of_access_log")
        connection.execute(statement)


def ids(crm: Crm) -> list[int]:
    """The ids of the log's entries."""
    with crm.database.reading() as connection:
        return list(connection.scalars(sa.select(access_log.c.id).order_by(access_log.c.id)))


def test_an_untouched_access_log_is_intact(any_crm: Crm) -> None:
    assert any_crm.staff.verify_access_log().intact
    filled_log(any_crm)
    found = any_crm.staff.verify_access_log()
    assert (found.intact, found.entries) == (True, 5)


def test_the_access_log_cannot_be_changed_the_usual_way(any_crm: Crm) -> None:
    filled_log(any_crm)
    for statement in (access_log.update().values(actor="nobody"), access_log.delete()):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), any_crm.database.engine.begin() as connection:
            connection.execute(statement)


def test_a_changed_entry_of_the_access_log_shows(any_crm: Crm) -> None:
    filled_log(any_crm)
    third = ids(any_crm)[2]
    tamper(any_crm, access_log.update().where(access_log.c.id == third).values(actor="nobody"))
    assert any_crm.staff.verify_access_log().broken_id == third


def test_a_missing_entry_of_the_access_log_shows(any_crm: Crm) -> None:
    filled_log(any_crm)
    _, second, third, *_ = ids(any_crm)
    tamper(any_crm, access_log.delete().where(access_log.c.id == second))
    assert any_crm.staff.verify_access_log().broken_id == third


def test_a_log_cut_off_at_its_end_shows_by_the_hash_that_was_noted_elsewhere(any_crm: Crm) -> None:
    filled_log(any_crm)
    noted = any_crm.staff.verify_access_log().last_hash
    tamper(any_crm, access_log.delete().where(access_log.c.id == ids(any_crm)[-1]))
    assert any_crm.staff.verify_access_log().last_hash != noted


def test_entries_written_at_once_make_one_chain(any_crm: Crm) -> None:
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda number: any_crm.staff.log(SYSTEM, "export", f"customer-{number}"), range(18)))
    found = any_crm.staff.verify_access_log()
    assert (found.intact, found.entries) == (True, 18)


def test_only_some_read_the_access_log(any_crm: Crm) -> None:
    filled_log(any_crm)
    with pytest.raises(NotAllowed):
        any_crm.staff.accesses(actor=Actor("x", "supervisor"))
    entries = any_crm.staff.accesses(actor=Actor("x", "manager"), limit=2)
    assert [entry.subject for entry in entries] == ["customer-4", "customer-3"]
