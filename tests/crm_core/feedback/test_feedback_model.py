"""Texts in both languages are read by the same model: what they are about, how they are meant, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm_core import feedback
from crm_core.feedback import learning
from crm_core.feedback.model import TextModel
from crm_core.feedback.training import train
from crm_core.feedback.urgency import is_serious
from crm_core.feedback.words import features, normalise, shown
from crm_core.learning.contract import TooLittleData
from crm_core.learning.registry import Registry
from tests.crm_core.learning.model_contract import ModelContract

_ABOUT = {
    "delivery": ("the parcel came", "delivery took days", "快递送到了", "物流速度", "包裹在路上", "the courier"),
    "price": ("the price", "what it costs", "价格方面", "这个价钱", "花了不少钱", "for the money"),
    "service": ("the support agent", "customer service", "客服态度", "售后服务", "问了客服", "the hotline"),
}
_MEANT = {
    "negative": ("was terrible", "much too slow", "really bad", "太差了", "很失望", "糟糕透了"),
    "neutral": ("was as usual", "nothing special", "so so", "一般般", "还行吧", "普普通通"),
    "positive": ("was great", "made me happy", "excellent", "非常满意", "特别好", "太棒了"),
}


def examples() -> pd.DataFrame:
    """Give 130 texts in English, Chinese and both mixed."""
    rows = [
        (f"{about} {meant}", category, sentiment)
        for category, abouts in _ABOUT.items()
        for sentiment, meants in _MEANT.items()
        for about in abouts
        for meant in meants
    ]
    return pd.DataFrame(
        [row for place, row in enumerate(rows) if place % 5 < 2], columns=["text", "category", "sentiment"]
    )


class SentimentContract(ModelContract):
    @staticmethod
    def examples() -> pd.DataFrame:
        return examples().rename(columns={"sentiment": "label"})

    read = staticmethod(TextModel.load)


class TestNaiveBayes(SentimentContract):
    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return learning.fit(frame, learning.BASELINE)


class TestLinearSvm(SentimentContract):
    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return learning.fit(frame, "linear_svm")


class TestLogistic(SentimentContract):
    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return learning.fit(frame, "logistic")


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> feedback.FeedbackReader:
    models = tmp_path_factory.mktemp("models")
    registry = Registry(models)
    registry.make_live(registry.save(*train(examples()), datetime(2026, 3, 2, tzinfo=UTC)))
    return feedback.load(models)


@pytest.mark.parametrize(
    ("text", "category", "sentiment"),
    [
        ("The courier was really bad", "delivery", "negative"),
        ("客服非常满意", "service", "positive"),
        ("这个价钱一般般", "price", "neutral"),
        ("客服 was terrible", "service", "negative"),
        ("the delivry was excelent", "delivery", "positive"),
    ],
)
def test_both_languages_mixed_and_misspelt_texts_are_read(
    reader: feedback.FeedbackReader, text: str, category: str, sentiment: str
) -> None:
    reading = reader.read(text, "en")
    assert (reading.category.value, reading.sentiment.value) == (category, sentiment)
    assert 0 < reading.category.probability <= 1


def test_the_words_that_decided_are_words_of_the_text(reader: feedback.FeedbackReader) -> None:
    words = dict(reader.read("快递太差了 the courier", "zh").category.words)
    assert any("courier" in word or "快递" in word for word in words)
    assert all(weight > 0 for weight in words.values())


def test_a_text_of_unknown_words_is_read_with_the_usual_shares(reader: feedback.FeedbackReader) -> None:
    reading = reader.read("🙂", "en")
    assert reading.category.words == ()
    assert reading.category.probability < 0.8


def test_a_reading_names_the_version_and_keeps_the_language(reader: feedback.FeedbackReader) -> None:
    reading = reader.read("fine", "zh")
    assert reading.model_version == "feedback-20260302T000000"
    assert reading.language == "zh"


def test_one_text_is_weighted_as_it_was_in_training() -> None:
    frame = examples()
    texts = [features(text) for text in frame["text"]]
    labels = np.asarray(frame["sentiment"], dtype=object)
    calibration = learning.compare(texts, labels, np.arange(len(texts)), ["linear_svm"]).calibrations["linear_svm"]
    model = learning.fit_linear(texts, labels, "linear_svm", calibration)
    counts = learning.count_matrix(texts, model.vocabulary)
    counts.data = 1 + np.log(counts.data)
    weighted = counts.toarray() * model.weights
    margins = weighted / np.linalg.norm(weighted, axis=1, keepdims=True) @ model.coefficients + model.intercepts
    together = model.calibration.probabilities(margins)
    for row in (0, 17, 40):
        assert list(model.chances(texts[row]).values()) == pytest.approx(together[row].tolist(), abs=1e-5)


def test_too_few_texts_are_refused_with_their_number() -> None:
    with pytest.raises(TooLittleData, match="10 labelled"):
        train(examples().head(10))


def test_the_card_has_both_kinds_and_all_families() -> None:
    _, card = train(examples())
    assert {"category_macro_f1", "sentiment_accuracy", "sentiment_ece"} <= set(card.metrics)
    assert set(card.candidates) == set(learning.FAMILIES)
    assert set(card.baseline) == set(card.metrics)


def test_traditional_and_full_width_characters_read_as_simplified_and_plain() -> None:
    assert normalise("這個ＯＫ") == "这个ok"


def test_accounts_and_links_are_not_words() -> None:
    found = features("@SomeAirline see https://example.com/x?y")
    assert not any("someairline" in feature or "example" in feature for feature in found)


def test_pieces_of_words_and_punctuation_are_not_shown_as_reasons() -> None:
    assert shown("#ship") is None
    assert shown("_!3") is None
    assert shown("_late_again") == "late again"
    assert shown("退货") == "退货"


@pytest.mark.parametrize(
    ("text", "negative", "serious"),
    [
        ("I will talk to my lawyer", 0.4, True),
        ("充电器着火了", 0.5, True),
        ("This is the third time, unacceptable", 0.9, True),
        ("太慢了！！！", 0.9, True),
        ("a bit slow", 0.9, False),
        ("unacceptable", 0.3, False),
        ("the colour is a joke I like", 0.1, False),
    ],
)
def test_grave_words_or_clear_anger_are_serious(text: str, negative: float, serious: bool) -> None:
    assert is_serious(text, {"negative": negative, "positive": 0.05}) is serious


def test_grave_words_in_clear_praise_are_not_serious() -> None:
    assert not is_serious("so good it should be illegal, no scam at all", {"negative": 0.02, "positive": 0.95})


def test_a_very_long_text_is_read_in_time(reader: feedback.FeedbackReader, tmp_path: Path) -> None:
    assert reader.read("太差了 terrible " * 20_000, "zh").sentiment.value == "negative"
