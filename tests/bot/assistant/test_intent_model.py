"""One model tells intents apart in both languages, and is kept without code in it."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
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
    return IntentModel.fit(*pairs())


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
    started = time.process_time()
    for _ in range(100):
        model.rank("could you please tell me where my order is right now")
    assert (time.process_time() - started) / 100 < 0.01


OUTSIDE = [
    *("what is the capital of peru", "write a poem", "who won the match", "bake a cake", "sing a song", "fix my car"),
    *("translate this", "book a flight to rome", "唱首歌", "秘鲁的首都是哪里", "写一首诗", "昨天谁赢了"),
]


class MeaningEncoder:
    """An encoder that knows four meanings; the name tells one network from another."""

    words = ({"order", "parcel", "package", "shipment"}, {"refund", "money", "reimburse"}, {"hello", "hi", "morning"})

    def __init__(self, name: str = "meanings:1") -> None:
        self.name = name

    def knows(self, text: str) -> bool:
        return text.isascii()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        rows = [[float(bool(words & set(text.split()))) for words in self.words] + [0.1] for text in texts]
        vectors = np.array(rows, dtype=np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def pairs() -> tuple[list[str], list[str]]:
    texts = [text for examples in EXAMPLES.values() for text in examples]
    return texts, [intent for intent, examples in EXAMPLES.items() for _ in examples]


@pytest.fixture(scope="module")
def with_vectors() -> IntentModel:
    return IntentModel.fit(*pairs(), encoder=MeaningEncoder())


def test_a_word_that_no_example_has_is_understood_by_its_vector(model: IntentModel, with_vectors: IntentModel) -> None:
    assert with_vectors.rank("reimburse")[0][0] == "request_refund"
    assert with_vectors.ours("reimburse") > model.ours("reimburse")


def test_a_script_the_encoder_has_not_learnt_is_understood_without_it(with_vectors: IntentModel) -> None:
    assert with_vectors.rank("麻烦退款")[0][0] == "request_refund"


def test_with_its_encoder_a_saved_model_answers_the_same(with_vectors: IntentModel, tmp_path: Path) -> None:
    with_vectors.save(tmp_path)
    again = IntentModel.read(tmp_path, MeaningEncoder())
    assert dict(again.rank("reimburse")) == pytest.approx(dict(with_vectors.rank("reimburse")), abs=2e-3)


@pytest.mark.parametrize("encoder", [None, MeaningEncoder("meanings:2")])
def test_without_its_encoder_it_warns_and_goes_by_words(
    with_vectors: IntentModel,
    model: IntentModel,
    encoder: MeaningEncoder | None,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with_vectors.save(tmp_path)
    with caplog.at_level(logging.WARNING):
        again = IntentModel.read(tmp_path, encoder)
    assert "meanings:1" in caplog.text
    assert again.rank("refund please")[0][0] == model.rank("refund please")[0][0]


def test_what_is_out_of_scope_is_learnt_as_an_intent() -> None:
    texts, intents = pairs()
    model = IntentModel.fit([*texts, *OUTSIDE], [*intents, *("out_of_scope" for _ in OUTSIDE)])
    assert model.rank("write a poem about a cake")[0][0] == "out_of_scope"
    understanding = model.understand("where is my parcel")
    assert understanding.ranking[0][0] == "ask_order_status"
    assert dict(understanding.ranking)["out_of_scope"] == pytest.approx(1 - understanding.ours)
    assert sum(dict(understanding.ranking).values()) == pytest.approx(1, abs=1e-5)


def test_lines_from_outside_teach_without_being_an_intent() -> None:
    model = IntentModel.fit(*pairs(), out_of_scope=OUTSIDE)
    assert set(model.intents) == set(EXAMPLES)
    assert model.ours("write a poem about a cake") < 0.5 < model.ours("where is my parcel")


def test_the_same_examples_give_the_same_model() -> None:
    first, second = (IntentModel.fit(*pairs(), out_of_scope=OUTSIDE) for _ in range(2))
    assert first.rank("where is my cake") == second.rank("where is my cake")


@pytest.mark.parametrize(
    ("texts", "intents"),
    [
        (["yes", "no"], ["affirm", "deny"]),
        (["yes", ""], ["affirm", "silence"]),
        (["yes", "who won the match"], ["affirm", "out_of_scope"]),
        (["好的", "不行", "不要"], ["affirm", "deny", "deny"]),
    ],
)
def test_an_example_each_is_enough(texts: list[str], intents: list[str]) -> None:
    model = IntentModel.fit(texts, intents, encoder=MeaningEncoder())
    assert model.rank(texts[0])[0][0] == intents[0]
    assert np.isfinite([probability for _, probability in model.rank("")]).all()


def test_nothing_but_what_is_out_of_scope_is_refused() -> None:
    with pytest.raises(ValueError, match="no example"):
        IntentModel.fit(["sing"], ["out_of_scope"])


def test_training_says_how_far_it_is() -> None:
    told: list[float] = []
    IntentModel.fit(*pairs(), progress=lambda _what, share: told.append(share))
    assert told == sorted(told)
    assert told[-1] == 1
