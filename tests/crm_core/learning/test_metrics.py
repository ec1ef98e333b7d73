"""The figures agree with scikit-learn's where it has them, and with hand-counted cases."""

from __future__ import annotations

import numpy as np
import pytest
import sklearn.metrics as reference

from crm_core.learning import metrics

RANDOM = np.random.default_rng(4)
TRUTH = RANDOM.random(300) < 0.3
SCORE = np.round(np.clip(RANDOM.normal(0.3, 0.2, 300) + 0.2 * TRUTH, 0.01, 0.99), 2)  # with ties
LABELS = RANDOM.choice(["a", "b", "c"], 200).tolist()
GUESSES = RANDOM.choice(["a", "b", "c"], 200).tolist()


def test_ranking_figures_agree_with_the_reference() -> None:
    assert metrics.auc(TRUTH, SCORE) == pytest.approx(reference.roc_auc_score(TRUTH, SCORE))
    assert metrics.average_precision(TRUTH, SCORE) == pytest.approx(reference.average_precision_score(TRUTH, SCORE))


def test_probability_figures_agree_with_the_reference() -> None:
    assert metrics.brier(TRUTH, SCORE) == pytest.approx(reference.brier_score_loss(TRUTH, SCORE))
    assert metrics.log_loss(TRUTH, SCORE) == pytest.approx(reference.log_loss(TRUTH, SCORE))


def test_label_figures_agree_with_the_reference() -> None:
    assert metrics.accuracy(LABELS, GUESSES) == pytest.approx(reference.accuracy_score(LABELS, GUESSES))
    assert metrics.macro_f1(LABELS, GUESSES) == pytest.approx(reference.f1_score(LABELS, GUESSES, average="macro"))


def test_what_is_calibrated_has_no_calibration_error() -> None:
    said = np.repeat([0.2, 0.8], 50)
    came = np.r_[np.arange(50) < 10, np.arange(50) < 40]
    assert metrics.expected_calibration_error(came, said, bins=2) == pytest.approx(0.0)
    assert metrics.expected_calibration_error(came, 1 - said, bins=2) == pytest.approx(0.6)


def test_where_one_kind_is_missing_ranking_says_nothing() -> None:
    assert metrics.auc([True, True], [0.1, 0.9]) == 0.5
    assert metrics.average_precision([False, False], [0.1, 0.9]) == 0.0


def test_recall_counts_what_was_wanted_among_the_first() -> None:
    assert metrics.recall_at(["a", "b", "c"], ["c", "z"], 3) == 0.5
    assert metrics.recall_at(["a", "b", "c"], ["c", "z"], 2) == 0.0
    assert metrics.recall_at(["a"], [], 3) == 0.0


def test_gain_is_whole_in_the_best_order_and_falls_with_the_place() -> None:
    assert metrics.ndcg_at(["a", "b", "c"], ["a", "b"], 3) == pytest.approx(1.0)
    assert metrics.ndcg_at(["x", "a"], ["a"], 2) == pytest.approx(1 / np.log2(3))
