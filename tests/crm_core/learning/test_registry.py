"""Models are kept by version with their card, checked before use, and changed for the newest without a restart."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_core.errors import ModelNotTrained
from crm_core.learning.card import Card
from crm_core.learning.latest import Latest
from crm_core.learning.registry import Artefact, ModelDamaged, Registry

MOMENT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
CARD = Card(
    task="feedback",
    algorithm="linear_svm",
    rows=200,
    split="grouped",
    headline="accuracy",
    metrics={"accuracy": 0.91, "ece": 0.02},
    baseline={"accuracy": 0.80},
    baseline_algorithm="naive_bayes",
    candidates={"linear_svm": {"accuracy": 0.91, "ece": 0.02}, "logistic": {"accuracy": 0.90}},
    tables={"labels": [["label", "f1"], ["price", "0.9"]]},
)


@dataclass
class Word:
    """A model that is one word."""

    word: str
    algorithm: str = "word"

    def save(self, folder: Path) -> None:
        (folder / "word.json").write_text(json.dumps(self.word))


def keep(registry: Registry, word: str, moment: datetime = MOMENT) -> Artefact:
    artefact = registry.save(Word(word), CARD, moment)
    registry.make_live(artefact)
    return artefact


def read(models: Path) -> str:
    return str(json.loads((Registry(models).open("feedback").folder / "word.json").read_text()))


def test_a_version_is_named_by_task_and_moment(tmp_path: Path) -> None:
    assert keep(Registry(tmp_path), "hello").version == "feedback-20260302T093000"


def test_two_versions_of_one_second_do_not_overwrite_each_other(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    assert keep(registry, "one").folder != keep(registry, "two").folder
    assert read(tmp_path) == "two"


def test_a_saved_model_is_served_only_once_it_is_live(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    keep(registry, "old")
    newer = registry.save(Word("new"), CARD, MOMENT + timedelta(days=1))
    assert read(tmp_path) == "old"
    registry.make_live(newer)
    assert read(tmp_path) == "new"


def test_a_task_that_was_never_trained_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelNotTrained, match="rapport train"):
        Registry(tmp_path).open("feedback")


def test_a_changed_file_is_never_read(tmp_path: Path) -> None:
    artefact = keep(Registry(tmp_path), "hello")
    (artefact.folder / "word.json").write_text('"evil"')
    with pytest.raises(ModelDamaged, match="has changed"):
        Registry(tmp_path).open("feedback")


def test_a_missing_file_is_noticed(tmp_path: Path) -> None:
    artefact = keep(Registry(tmp_path), "hello")
    (artefact.folder / "word.json").unlink()
    with pytest.raises(ModelDamaged, match="cannot be read"):
        Registry(tmp_path).open("feedback")


def test_a_broken_pointer_is_noticed(tmp_path: Path) -> None:
    keep(Registry(tmp_path), "hello")
    (tmp_path / "feedback" / "live.json").write_text("{")
    with pytest.raises(ModelDamaged):
        Registry(tmp_path).open("feedback")


def test_a_training_that_breaks_off_leaves_nothing_behind(tmp_path: Path) -> None:
    class Broken(Word):
        def save(self, folder: Path) -> None:
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        Registry(tmp_path).save(Broken("x"), CARD, MOMENT)
    assert list((tmp_path / "feedback").iterdir()) == []


def test_versions_that_are_long_past_are_forgotten(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    for day in range(7):
        keep(registry, str(day), MOMENT + timedelta(days=day))
    assert len(registry.versions("feedback")) == 5
    assert read(tmp_path) == "6"


def test_the_card_shows_the_served_model_the_baseline_and_the_losers(tmp_path: Path) -> None:
    folder = keep(Registry(tmp_path), "hello").folder
    page = (folder / "card.md").read_text("utf-8")
    assert "| **linear_svm** (served) | 0.9100 | 0.0200 |" in page
    assert "| naive_bayes (naive baseline) | 0.8000 | – |" in page
    assert "| logistic | 0.9000 | – |" in page
    assert "| price | 0.9 |" in page
    assert "朴素基线" in (folder / "card.zh.md").read_text("utf-8")


def test_a_process_that_runs_takes_up_a_new_model_without_a_restart(tmp_path: Path) -> None:
    registry = Registry(tmp_path)
    latest = Latest(tmp_path, "feedback", read)
    with pytest.raises(ModelNotTrained):
        latest.get()
    keep(registry, "one")
    first = latest.get()
    assert first == "one"
    assert latest.get() is first
    keep(registry, "two", MOMENT + timedelta(hours=1))
    assert latest.get() == "two"
