"""The assistant is trained again only when something it is made of has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import assistant_training
from bot.cli.assistant_training import AssistantNotTrained, fingerprint, is_current, model_path, train
from crm_core.settings import Settings


@pytest.fixture
def small(tmp_path: Path) -> Settings:
    """An installation with one capability."""
    (tmp_path / "data" / "smalltalk").mkdir(parents=True)
    (tmp_path / "data" / "demo").mkdir()
    (tmp_path / "data" / "smalltalk" / "nlu_en.yml").write_text("nlu: []\n")
    return Settings.load(home=tmp_path / "home", data=tmp_path / "data", models=tmp_path / "models")


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A program in Rasa's place: it notes that it was called, and writes a model where it is told to."""
    path = tmp_path / "rasa"
    calls = tmp_path / "calls"
    path.write_text(
        f'#!/bin/sh\necho called >> {calls}\nwhile [ "$1" ]; do [ "$1" = --out ] && out="$2"; shift; done\n'
        f'[ -e {tmp_path}/broken ] && {{ echo "rule 7 contradicts story 9"; exit 1; }}\n'
        'echo model > "$out/assistant.tar.gz"\n'
    )
    path.chmod(0o755)
    monkeypatch.setattr(assistant_training, "ASSISTANT_PYTHON", path)
    return calls


def test_it_is_trained_once(small: Settings, rasa: Path) -> None:
    assert not is_current(small)
    assert train(small) == model_path(small)
    train(small)
    assert is_current(small)
    assert rasa.read_text().splitlines() == ["called"]


def test_a_changed_example_means_a_new_training(small: Settings, rasa: Path) -> None:
    train(small)
    (small.data / "smalltalk" / "nlu_en.yml").write_text("nlu: [] # changed\n")
    assert not is_current(small)
    train(small)
    assert len(rasa.read_text().splitlines()) == 2


def test_the_demo_shop_is_no_training_data(small: Settings) -> None:
    before = fingerprint(small)
    (small.data / "demo" / "x.yml").write_text("a: 1\n")
    assert fingerprint(small) == before


def test_a_refused_training_is_told_with_the_end_of_the_log(small: Settings, rasa: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").touch()
    with pytest.raises(AssistantNotTrained, match="rule 7 contradicts story 9"):
        train(small)
    assert not is_current(small)


def test_a_failed_training_keeps_the_old_model(small: Settings, rasa: Path, tmp_path: Path) -> None:
    train(small)
    (tmp_path / "broken").touch()
    (small.data / "smalltalk" / "nlu_en.yml").write_text("nlu: [] # changed\n")
    with pytest.raises(AssistantNotTrained):
        train(small)
    assert model_path(small).read_text() == "model\n"
    assert sorted(path.name for path in model_path(small).parent.iterdir()) == [
        ".lock",
        "assistant.tar.gz",
        "made-from.txt",
    ]
