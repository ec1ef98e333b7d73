"""Groups of customers keep the models' contract, have names of their own and say what they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from crm_core.language import LANGUAGES
from crm_core.learning.contract import TooLittleData
from crm_core.phrases import crm_phrases
from crm_core.segments.grouping import choose, fit
from crm_core.segments.inputs import buyers
from crm_core.segments.judging import judge
from crm_core.segments.keys import IDEALS, KEYS, VALUE_ORDER, name_clusters
from crm_core.segments.model import SegmentModel
from crm_core.segments.rfm import RfmRule
from crm_core.segments.training import train
from tests.crm_core.learning.model_contract import ModelContract
from tests.crm_core.learning.shoppers import shoppers


class TestSegmentModel(ModelContract):
    read = staticmethod(SegmentModel.load)

    @staticmethod
    def examples() -> pd.DataFrame:
        return buyers(shoppers())

    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return fit(frame, 5)


class TestRfmRule(ModelContract):
    read = staticmethod(RfmRule.load)

    @staticmethod
    def examples() -> pd.DataFrame:
        return buyers(shoppers())

    @staticmethod
    def learn(frame: pd.DataFrame) -> Any:
        return RfmRule.fit(frame)


def test_each_group_bears_a_name_of_its_own() -> None:
    keys = fit(shoppers(), 6).keys
    assert len(set(keys)) == 6
    assert set(keys) <= set(KEYS)


def test_a_cluster_at_an_ideal_place_bears_its_name() -> None:
    assert name_clusters(np.array([IDEALS["sleeping"], IDEALS["champions"]])) == ("sleeping", "champions")


def test_only_a_group_that_usually_ordered_once_is_called_one_time_buyers() -> None:
    place = np.array([IDEALS["sleeping"]])
    assert name_clusters(place, np.array([1.0])) == ("one_time",)
    assert name_clusters(np.array([IDEALS["one_time"]]), np.array([3.0])) == ("sleeping",)
    both = np.array([IDEALS["sleeping"], IDEALS["one_time"]])
    assert name_clusters(both, np.array([1.0, 1.0])) == ("sleeping", "one_time")


def test_customers_without_an_order_are_not_grouped() -> None:
    frame = shoppers()
    assert sum(each.size for each in fit(frame, 4).profiles) == len(buyers(frame)) < len(frame)


def test_of_numbers_about_equally_stable_the_larger_is_taken() -> None:
    assert choose({4: 0.90, 5: 0.70, 6: 0.89}) == 6
    assert choose({4: 0.90, 5: 0.70, 6: 0.80}) == 4


def test_the_rules_of_a_group_hold_for_most_of_the_customers_they_pick() -> None:
    known = buyers(shoppers())
    model = fit(known, 4)
    labels = model.predict(known)["label"]
    for profile in model.profiles:
        picked = pd.Series(True, index=known.index)
        for rule in profile.rules:
            values, limit = known[rule["feature"]], rule["threshold"]
            picked &= values <= limit if rule["comparison"] == "<=" else values > limit
        if profile.rules:
            assert (labels[picked] == profile.key).mean() == pytest.approx(profile.rules[0]["share"], abs=0.05)


def test_too_few_customers_are_refused_with_their_number() -> None:
    with pytest.raises(TooLittleData, match="9 customers with orders"):
        fit(shoppers(10))


def test_the_best_fifth_of_perfect_groups_is_worth_five_times_the_mean() -> None:
    frame = buyers(shoppers(500))
    best = frame.index[: len(frame) // 5]

    def perfect(customers: pd.DataFrame) -> pd.DataFrame:
        return pd.DataFrame({"label": np.where(customers.index.isin(best), "champions", "one_time")}, customers.index)

    found = judge(perfect, frame, pd.Series(10.0, index=best))
    assert found["value_lift"] == pytest.approx(5.0)
    assert found["spread"] == pytest.approx(1.0)


def test_training_shows_the_baseline_beside_the_groups() -> None:
    now, then = shoppers(seed=8), shoppers(seed=7)
    model, card = train(now, then, then["orders_90"])
    assert set(card.metrics) == set(card.baseline) == {"value_lift", "spread", "stability"}
    assert card.rows == len(buyers(now))
    assert len(card.tables["groups"]) == len(model.keys) + 1


def test_a_young_shop_is_grouped_without_figures_of_a_quarter_ago() -> None:
    _, card = train(shoppers(), shoppers(10), pd.Series(dtype=float))
    assert card.metrics == {}


def test_every_group_has_name_description_and_advice_in_both_languages() -> None:
    assert set(VALUE_ORDER) == set(KEYS)
    for key in KEYS:
        for language in LANGUAGES:
            for part in ("name", "description", "advice"):
                assert crm_phrases.say(language, f"segment-{key}-{part}")
