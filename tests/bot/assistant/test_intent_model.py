"""One model tells intents apart in both languages, and is kept without code in it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.assistant.components.intent_model import IntentModel

EXAMPLES = {
    "ask_order_status": [
        "where is my order",
        "has my parcel been sent",
        "track my package",
        "我的订单到哪了",
        "查一下快递",
    ],
    "request_refund": ["i want my money back", "refund me please", "give me a refund", "我要退款", "把钱退给我"],
    "greet": ["hello", "hi there", "good morning", "你好", "早上好"],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    intents = [intent for intent, examples in EXAMPLES.items() for _ in examples]
    return IntentModel.fit(texts, intents, C=30.0)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("where's the order", "ask_order_status"),
        ("refund please", "request_refund"),
        ("快递查一下", "ask_order_status"),
        ("麻烦退款", "request_refund"),
        ("Hello!!", "greet"),
    ],
)
def test_both_languages_are_understood(model: IntentModel, text: str, intent: str) -> None:
    assert model.rank(text)[0][0] == intent


def test_probabilities_sum_to_that_of_being_ours_and_fall(model: IntentModel) -> None:
    understanding = model.understand("where is my order")
    ranking = [probability for _, probability in understanding.ranking]
    assert sum(ranking) == pytest.approx(understanding.ours, abs=1e-5)
    assert ranking == sorted(ranking, reverse=True)


@pytest.mark.parametrize("text", ["", "¿¡", "\x00\x01", "Ω" * 5000])
def test_a_strange_text_gets_an_answer_without_certainty(model: IntentModel, text: str) -> None:
    assert model.rank(text)[0][1] < 0.6


def test_a_saved_model_answers_the_same(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    again = IntentModel.read(tmp_path)
    assert again.intents == model.intents
    for text in ("我的订单", "where is my parcel", "what is the capital of peru"):
        assert dict(again.rank(text)) == pytest.approx(dict(model.rank(text)), abs=1e-3)
    assert {path.suffix for path in tmp_path.iterdir()} == {".npz", ".json"}


def test_two_intents_are_enough() -> None:
    model = IntentModel.fit(["yes", "yeah", "no", "nope"], ["affirm", "affirm", "deny", "deny"], C=30.0)
    assert [model.rank(text)[0][0] for text in ("yes", "nope")] == ["affirm", "deny"]


def test_a_message_takes_about_a_millisecond(model: IntentModel) -> None:
    started = time.perf_counter()
    for _ in range(100):
        model.rank("could you please tell me where my order is right now")
    assert (time.perf_counter() - started) / 100 < 0.01
