"""Which candidates are shown, with which chance."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from crm_core.recommend.selection import EPSILON, EXPLORED, select


def test_the_best_are_shown_first() -> None:
    assert [item for item, _ in select("abcdef", 3, random.Random(1), epsilon=0.0)] == ["a", "b", "c"]


def test_only_the_last_place_is_ever_explored() -> None:
    for seed in range(50):
        assert [item for item, _ in select("abcdef", 3, random.Random(seed), epsilon=0.9)][:2] == ["a", "b"]


def test_the_propensities_are_those_with_which_the_candidates_are_chosen() -> None:
    chance, rounds = random.Random(7), 20_000
    shown = [select("abcd", 2, chance) for _ in range(rounds)]
    counted = Counter(places[1][0] for places in shown)
    claimed = {places[1][0]: places[1][1] for places in shown}
    assert claimed == {"b": 1 - EPSILON, "c": EPSILON / 2, "d": EPSILON / 2}
    for item, propensity in claimed.items():
        assert counted[item] / rounds == pytest.approx(propensity, rel=0.15)


def test_without_further_candidates_the_choice_is_certain() -> None:
    assert select("ab", 2, random.Random(1)) == [("a", 1.0), ("b", 1.0)]
    assert select("a", 3, random.Random(1)) == [("a", 1.0)]
    assert select("", 3, random.Random(1)) == []
    assert select("abc", 0, random.Random(1)) == []


def test_exploration_stays_near_the_top() -> None:
    wide = list(range(100))
    explored = {select(wide, 1, random.Random(seed), epsilon=0.99)[0][0] for seed in range(300)}
    assert max(explored) <= EXPLORED
