"""Whether a message is ours at all is learnt from messages that are not."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bot.assistant.components.rejector import Rejector, features_of, usual

SURE = np.array([0.97, 0.02, 0.01])
UNSURE = np.array([0.4, 0.35, 0.25])


def texts(chance: np.random.Generator, count: int, sureness: float) -> np.ndarray:
    """Features of texts of which the classifier is more or less sure."""
    rows = []
    for _ in range(count):
        scores = chance.normal(size=5) + np.array([sureness, 0, 0, 0, 0])
        likely = np.exp(scores) / np.exp(scores).sum()
        rows.append(features_of(likely, None, [float(np.clip(chance.normal(0.3 + sureness / 10, 0.1), 0, 1))]))
    return np.array(rows)


def test_a_sure_answer_near_an_example_is_ours() -> None:
    assert usual("lite").ours(features_of(SURE, None, [0.8])) > 0.9
    assert usual("lite").ours(features_of(UNSURE, None, [0.1])) < 0.5
    assert usual("dense").ours(features_of(SURE, None, [0.8, 0.9])) > 0.9
    assert usual("dense").ours(features_of(UNSURE, None, [0.1, 0.2])) < 0.5


def test_what_the_classifier_itself_calls_out_of_scope_is_less_ours() -> None:
    known, strange = (usual("lite").ours(features_of(SURE, outside, [0.5])) for outside in (0.0001, 0.5))
    assert strange < known


def test_a_few_examples_from_outside_change_nothing() -> None:
    chance = np.random.default_rng(0)
    features = np.vstack([texts(chance, 50, 5), texts(chance, 3, 1)])
    start = usual("lite")
    assert start.refitted(features, np.arange(53) < 50) is start


def test_more_messages_from_outside_make_each_more_doubtful() -> None:
    rare, often = (usual("lite", share).ours(features_of(UNSURE, None, [0.5])) for share in (0.02, 0.4))
    assert often < rare


def test_learnt_probabilities_keep_their_word_on_others() -> None:
    chance = np.random.default_rng(1)
    train = np.vstack([texts(chance, 850, 5), texts(chance, 150, 1.5)])
    rejector = usual("lite").refitted(train, np.arange(1000) < 850)
    ours = np.array([rejector.ours(row) for row in texts(chance, 850, 5)])
    others = np.array([rejector.ours(row) for row in texts(chance, 150, 1.5)])
    told, truth = np.concatenate([ours, others]), np.arange(1000) < 850
    groups = np.minimum((told * 10).astype(int), 9)
    off = sum(abs(told[groups == g].mean() - truth[groups == g].mean()) * (groups == g).mean() for g in set(groups))
    assert off < 0.05
    assert np.median(ours) > np.median(others)


def test_the_share_from_outside_is_a_matter_of_assumption_not_of_the_examples() -> None:
    chance = np.random.default_rng(2)
    many = np.vstack([texts(chance, 200, 5), texts(chance, 200, 2)])
    told = np.array([usual("lite").refitted(many, np.arange(400) < 200, share=0.1).ours(row) for row in many])
    weighted = 0.9 * told[:200].mean() + 0.1 * told[200:].mean()
    assert weighted == pytest.approx(0.9, abs=0.03)


def test_it_is_kept_as_plain_numbers() -> None:
    again = Rejector.of_json(json.loads(json.dumps(usual("dense").as_json())))
    features = features_of(SURE, None, [0.5, 0.6])
    assert again.ours(features) == usual("dense").ours(features)


def test_a_single_intent_has_no_second() -> None:
    assert np.isfinite(features_of(np.ones(1), None, [0.0])).all()
