"""The trained assistant is judged on files that others wrote."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from bot.assistant.components.intent_model import IntentModel
from bot.cli import nlu
from bot.nlu.texts import read_meaning, read_texts
from bot.nlu.trained import evaluate, read_model, read_threshold
from crm_core.errors import InvalidInput, ModelNotTrained

EXAMPLES = {
    "ask_order_status": ["where is my order", "track my parcel", "has my order been sent"],
    "request_refund": ["i want my money back", "refund me please", "give me a refund"],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return IntentModel.fit([text for text, _ in pairs], [intent for _, intent in pairs])


@pytest.fixture
def archive(model: IntentModel, tmp_path: Path) -> Path:
    """A trained assistant as Rasa packs it, with our part in it."""
    folder = tmp_path / "components" / "train_bot.x.NgramIntentClassifier3"
    folder.mkdir(parents=True)
    model.save(folder)
    with tarfile.open(tmp_path / "assistant.tar.gz", "w:gz") as made:
        made.add(tmp_path / "components", arcname="components")
    return tmp_path / "assistant.tar.gz"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    path = tmp_path / "texts.csv"
    rows = [("where is the order", "track"), ("refund me", "money"), ("where is my order", "money"), ("hi", "other")]
    pd.DataFrame(rows, columns=["utterance", "intent"]).to_csv(path, index=False)
    return path


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "mapping.yml"
    path.write_text("track: ask_order_status\nmoney: [request_refund]\n")
    return path


def test_a_file_is_judged_intent_by_intent(model: IntentModel, texts: Path, mapping: Path) -> None:
    result = evaluate(model, read_texts(texts), read_meaning(mapping))
    assert result.accuracy == pytest.approx(2 / 3)
    assert result.per_intent() == {"money": (2, 0.5), "track": (1, 1.0)}
    assert result.confusions() == [("money", "ask_order_status", 1)]
    assert result.left_out == {"other": 1}


def test_a_threshold_makes_unsure_answers_count_as_not_answered(model: IntentModel, texts: Path, mapping: Path) -> None:
    result = evaluate(model, read_texts(texts), read_meaning(mapping))
    assert result.answered_rightly(0.0) == result.accuracy
    assert result.answered_rightly(1.01) == 0


def test_the_model_is_read_from_a_trained_assistant(archive: Path, model: IntentModel) -> None:
    read, made = (dict(each.rank("where is my order")) for each in (read_model(archive), model))
    assert read == pytest.approx(made, rel=1e-3)  # what is written has fewer digits


def test_a_mapping_to_an_unknown_intent_is_refused(model: IntentModel, texts: Path) -> None:
    with pytest.raises(InvalidInput, match="no_such_intent"):
        evaluate(model, read_texts(texts), {"track": frozenset(["no_such_intent"])})


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelNotTrained, match="rapport train"):
        read_model(tmp_path / "none.tar.gz")


def test_a_model_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    (tmp_path / "metadata.json").write_text("{}")
    with tarfile.open(tmp_path / "stock.tar.gz", "w:gz") as made:
        made.add(tmp_path / "metadata.json", arcname="metadata.json")
    with pytest.raises(ModelNotTrained, match=r"stock\.tar\.gz"):
        read_model(tmp_path / "stock.tar.gz")


def test_the_threshold_is_that_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("pipeline:\n  - {name: FallbackClassifier, threshold: 0.4}\n")
    assert read_threshold(path) == 0.4


def test_the_command_prints_the_figures(archive: Path, texts: Path, mapping: Path) -> None:
    arguments = ["evaluate", str(texts), "--mapping", str(mapping), "--model", str(archive)]
    result = CliRunner().invoke(nlu.app, arguments)
    assert result.exit_code == 0, result.output
    assert "66.7%" in result.output
    assert "other (1)" in result.output


def test_the_command_can_judge_a_sample(archive: Path, texts: Path, mapping: Path) -> None:
    arguments = ["evaluate", str(texts), "--mapping", str(mapping), "--model", str(archive), "--sample", "1"]
    assert " on 1 texts" in CliRunner().invoke(nlu.app, arguments).output
