"""Purchase intent keeps the models' contract, is calibrated and beats the naive rate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm_core.language import LANGUAGES
from crm_core.learning.contract import TooLittleData
from crm_core.phrases import crm_phrases
from crm_core.purchase_intent.calibration import Isotonic, Sigmoid, calibrator_from_json, interval
from crm_core.purchase_intent.inputs import NAMES, matrix
from crm_core.purchase_intent.model import Levels, PurchaseIntent, SameRate
from crm_core.purchase_intent.reasons import CODES
from crm_core.purchase_intent.training import fit, train
from tests.crm_core.learning.model_contract import ModelContract
from tests.crm_core.learning.shoppers import shoppers, snapshots


class IntentContract(ModelContract):
    """A purchase intent has an interval."""

    interval = True

    @staticmethod
    def examples() -> pd.DataFrame:
        return snapshots(2)


class TestLogistic(IntentContract):
    read = staticmethod(PurchaseIntent.load)

    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return fit(frame, "logistic")


class TestBoosting(IntentContract):
    read = staticmethod(PurchaseIntent.load)

    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return fit(frame, "boosting")


class TestSameRate(IntentContract):
    read = staticmethod(SameRate.load)

    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return SameRate.fit(frame)


def test_training_keeps_every_family_visible_beside_the_baseline() -> None:
    _, card = train(snapshots())
    assert {name.split(" ")[0] for name in card.candidates} == {"logistic", "boosting"}
    assert card.metrics["log_loss"] < card.baseline["log_loss"]
    assert card.metrics in card.candidates.values()
    assert set(card.metrics) == {"auc", "ap", "ece", "brier", "log_loss"}


def test_the_hold_out_is_the_newest_snapshot_and_no_model_has_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = snapshots(3)
    newest = frame["as_of"].max()
    poisoned = frame.copy()
    poisoned.loc[poisoned["as_of"] == newest, "bought"] = ~frame.loc[frame["as_of"] == newest, "bought"]
    honest, turned = train(frame)[1], train(poisoned)[1]
    assert turned.metrics["auc"] == pytest.approx(1 - honest.metrics["auc"], abs=0.02)


def test_too_few_buyers_are_refused_with_their_number() -> None:
    frame = snapshots(2).assign(bought=False)
    with pytest.raises(TooLittleData, match="0 of 400 customers bought"):
        train(frame)


def test_a_shop_without_browsing_events_is_scored_all_the_same() -> None:
    frame = snapshots(3).assign(days_since_visit=np.nan, views_30=0.0, sessions_30=0.0)
    _, card = train(frame)
    assert card.metrics["auc"] > 0.6


def test_the_inputs_are_finite_whatever_is_missing() -> None:
    bare = shoppers(5).assign(days_since_order=np.nan, days_since_visit=np.nan, tenure_days=np.nan, orders=0.0)
    assert matrix(bare).shape == (5, len(NAMES))
    assert np.isfinite(matrix(bare)).all()


def test_the_levels_follow_what_is_usual_in_the_shop() -> None:
    levels = Levels.around(0.2)
    assert levels.label(np.array([0.19, 0.2, 0.38, 0.39])) == ["low", "medium", "medium", "high"]
    assert Levels.around(0.05).high < 0.15


@pytest.mark.parametrize("kind", [Sigmoid, Isotonic])
def test_a_calibrator_mends_probabilities_that_are_too_sure(kind: type[Sigmoid] | type[Isotonic]) -> None:
    random = np.random.default_rng(1)
    log_odds = random.normal(0, 1, 4000)
    came = random.random(4000) < 1 / (1 + np.exp(-log_odds))
    fitted = kind.fit(3 * log_odds, came)
    said = fitted.probabilities(3 * log_odds)
    assert np.abs(said - 1 / (1 + np.exp(-log_odds))).mean() < 0.03
    assert (calibrator_from_json(fitted.as_json()).probabilities(3 * log_odds) == said).all()


def test_an_interval_is_narrower_where_more_was_seen() -> None:
    value = np.array([0.3])
    few, many = interval(value, 100), interval(value, 10_000)
    assert few[0][0] < many[0][0] < 0.3 < many[1][0] < few[1][0]


def test_somebody_who_never_came_is_told_so_once() -> None:
    model = fit(snapshots(2), "logistic")
    stranger = shoppers(1).assign(days_since_order=np.nan, tenure_days=np.nan, days_since_visit=np.nan, orders=0.0)
    codes = [reason.code for reason in model.predict(stranger)["reasons"].iloc[0]]
    assert len(codes) == len(set(codes))


def test_every_code_of_a_reason_has_words() -> None:
    facts = {"days": 1, "orders": 2, "times": 1.5, "products": 3, "views": 0, "carts": 1, "complaints": 1}
    for code in CODES:
        for language in LANGUAGES:
            assert crm_phrases.say(language, f"reason-{code}", **facts)
