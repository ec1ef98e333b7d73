"""`rapport backup`, `restore` and `migrate` from the terminal."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import commands
from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput
from crm_core.settings import Settings
from crm_core.storage import migrations


def run(*words: str) -> Result:
    """Run a command as a person would."""
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "200"})


@pytest.fixture(autouse=True)
def installed(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """Let the commands work on this test's installation, in which there is somebody."""
    monkeypatch.setattr(Settings, "load", lambda **_: crm.settings)
    crm.customers.create(source="test", email="mia@example.com")
    return crm


def test_a_backup_is_made_and_fills_an_empty_installation(
    installed: Crm, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "all.backup"
    made = run("backup", str(path))
    assert made.exit_code == 0, made.output
    assert str(path) in made.output
    assert "keys are not in it" in made.output
    empty = installed.settings.model_copy(update={"home": tmp_path / "other"})
    monkeypatch.setattr(Settings, "load", lambda **_: empty)
    restored = run("restore", str(path))
    assert restored.exit_code == 0, restored.output
    assert "Restored as of 20" in restored.output
    other = Crm(empty)
    assert other.customers.find("email", "mia@example.com")
    other.close()


def test_restoring_into_an_installation_with_data_is_refused(tmp_path: Path) -> None:
    run("backup", str(tmp_path / "all.backup"))
    refused = run("restore", str(tmp_path / "all.backup"))
    assert isinstance(refused.exception, Conflict)


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    path = tmp_path / "all.backup"
    assert run("backup", str(path)).exit_code == 0
    assert isinstance(run("backup", str(path)).exception, InvalidInput)
    assert run("backup", str(path), "--force").exit_code == 0


def test_going_down_asks_first_and_up_brings_it_back(installed: Crm) -> None:
    assert run("migrate", "down", "--to", "0013").exit_code == 1
    assert installed.schema.current() == migrations.head()
    down = run("migrate", "down", "--to", "0013", "--yes")
    assert (down.exit_code, installed.schema.current()) == (0, "0013")
    assert "0013" in down.output
    assert run("migrate", "up").exit_code == 0
    assert installed.schema.current() == migrations.head()
    assert "already" in run("migrate", "up").output


def test_a_version_that_does_not_exist_is_named() -> None:
    refused = run("migrate", "down", "--to", "7", "--yes")
    assert isinstance(refused.exception, InvalidInput)
    assert "'7' is not one of 0001" in str(refused.exception)
