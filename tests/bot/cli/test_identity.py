"""`rapport identity` from the terminal."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import commands
from crm_core.crm import Crm
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings


def run(*words: str) -> Result:
    """Run a command as a person would."""
    app = typer.Typer()
    commands.register(app)
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "250"})


@pytest.fixture(autouse=True)
def ann_twice(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Let the commands work on an installation in which somebody is told twice."""
    monkeypatch.setattr(Settings, "load", lambda **_: crm.settings)
    one, other = (
        crm.customers.create(
            source="shop",
            name=name,
            email=email,
            city="Boston",
            address="12 Rose Lane",
            attributes={"birthday": "1990-04-05"},
        )
        for name, email in (("Ann Smith", "ann@example.com"), ("Smith Ann", "smith@example.org"))
    )
    return one, other


def test_a_merge_is_made_shown_and_undone(crm: Crm, ann_twice: tuple[str, str]) -> None:
    made = run("identity", "run")
    assert made.exit_code == 0, made.output
    assert "2 records compared: 1 merges" in made.output
    shown = run("identity", "show", "ann@example.com")
    assert shown.exit_code == 0, shown.output
    [merge] = crm.merges.of(ann_twice[0])
    assert merge.id in shown.output
    assert "birthday: day" in shown.output
    assert "told last" in shown.output
    assert "ann@example.com" not in shown.output, "values stay masked"
    undone = run("identity", "undo", merge.id)
    assert undone.exit_code == 0, undone.output
    assert {crm.customers.get(one, actor=SYSTEM).id for one in ann_twice} == set(ann_twice)
    assert run("identity", "undo", merge.id).exit_code != 0


def test_a_doubtful_pair_is_decided(crm: Crm) -> None:
    crm.customers.create(source="chat", name="Bo Lind", city="York", address="1 Elm Road")
    crm.customers.create(source="shop", name="B. Lind", city="York", address="1 Elm Road")
    run("identity", "run")
    [pair] = crm.merges.doubtful()
    assert pair.id in run("identity", "doubtful").output
    assert run("identity", "apart", pair.id).exit_code == 0
    assert crm.merges.doubtful() == []
    assert run("identity", "join", pair.id).exit_code == 0
    assert crm.merges.get(pair.id).rule == "hand"
