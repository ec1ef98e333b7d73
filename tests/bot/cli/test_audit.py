"""`rapport audit` tells whether the access log is whole, and who saw a person's values."""

from __future__ import annotations

import stat

import pytest
import sqlalchemy as sa
import typer
from typer.testing import CliRunner, Result

from bot.cli import commands
from crm_core.crm import Crm
from crm_core.records.people import SYSTEM, Actor
from crm_core.settings import Settings


@pytest.fixture
def anna(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> str:
    """A customer whose values a supervisor looked at."""
    monkeypatch.setattr(Settings, "load", lambda **_: crm.settings)
    anna = crm.customers.create(source="test", name="Anna Berg", email="anna@example.com")
    crm.customers.get(anna, actor=Actor("s1", "supervisor"), unmask=True)
    return anna


def run(*arguments: str) -> Result:
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, list(arguments))


def test_a_whole_log_is_said_so_and_its_end_is_kept(crm: Crm, anna: str) -> None:
    said = run("audit", "verify")
    assert said.exit_code == 0
    assert "1 entries" in said.output
    kept = crm.settings.home / "access_log_end.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_changed_entry_is_named_and_the_command_fails(crm: Crm, anna: str) -> None:
    crm.staff.log(SYSTEM, "customer_exported", anna)
    with crm.database.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER no_update_of_access_log"))
        connection.execute(sa.text("UPDATE access_log SET actor = 'nobody' WHERE id = 2"))
    said = run("audit", "verify")
    assert said.exit_code == 1
    assert "Entry 2" in said.output


def test_what_was_cut_off_after_the_last_check_is_noticed(crm: Crm, anna: str) -> None:
    crm.staff.log(SYSTEM, "customer_exported", anna)
    assert run("audit", "verify").exit_code == 0
    with crm.database.writing() as connection:
        connection.execute(sa.text("DROP TRIGGER no_delete_of_access_log"))
        connection.execute(sa.text("DELETE FROM access_log WHERE id = 2"))
    said = run("audit", "verify")
    assert said.exit_code == 1
    assert "cut off" in said.output


def test_who_saw_a_persons_values_is_shown_by_any_of_their_identities(crm: Crm, anna: str) -> None:
    said = run("audit", "show", "anna@example.com").output
    assert "s1" in said
    assert "Anna" not in said
