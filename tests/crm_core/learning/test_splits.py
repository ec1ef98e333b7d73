"""Splits never put copies, or the future, on the learning side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from crm_core.learning.splits import cutoffs, grouped_folds, grouped_split, text_groups

MONTH = timedelta(days=30)
END = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_label_windows_of_training_end_before_the_test_window_begins() -> None:
    laid = cutoffs(END - timedelta(days=400), END, MONTH, most=8)
    assert laid is not None
    assert laid.test == END - MONTH
    assert all(moment + MONTH <= laid.test for moment in laid.train)
    assert len(laid.train) == 8


def test_every_training_cutoff_has_at_least_one_window_of_history() -> None:
    since = END - timedelta(days=130)
    laid = cutoffs(since, END, MONTH, most=8)
    assert laid is not None
    assert min(laid.train) - MONTH >= since


def test_a_history_too_short_for_learning_and_testing_gives_no_cutoffs() -> None:
    assert cutoffs(END - timedelta(days=80), END, MONTH, most=8) is None


def test_texts_that_differ_only_in_case_width_and_punctuation_are_copies() -> None:
    groups = text_groups(["Very good!", "very  good", "质量好。", "质量好！！", "ＶＥＲＹ ＧＯＯＤ", "bad"])
    assert groups.tolist() == [0, 0, 1, 1, 0, 2]


def test_texts_of_nothing_but_signs_are_told_apart() -> None:
    assert text_groups(["!!!", "???"]).tolist() == [0, 1]


def test_copies_stay_on_one_side_of_a_split() -> None:
    groups = np.repeat(np.arange(50), 3)
    held_out = grouped_split(groups, ["a"] * 150)
    for group in range(50):
        assert len(set(held_out[groups == group])) == 1


def test_every_stratum_gives_its_share_to_the_hold_out() -> None:
    strata = ["common"] * 900 + ["rare"] * 100
    held_out = grouped_split(np.arange(1000), strata, test_share=0.2)
    assert held_out[:900].mean() == pytest.approx(0.2)
    assert held_out[900:].mean() == pytest.approx(0.2)


def test_a_split_is_the_same_every_time_and_another_with_another_seed() -> None:
    groups, strata = np.arange(100), ["a"] * 100
    first, again, other = (grouped_split(groups, strata, seed=seed) for seed in (1, 1, 2))
    assert (first == again).all()
    assert (first != other).any()


def test_folds_are_about_equal_and_keep_groups_together() -> None:
    groups = np.repeat(np.arange(30), 2)
    folds = grouped_folds(groups, 3)
    assert np.bincount(folds).tolist() == [20, 20, 20]
    assert all(len(set(folds[groups == group])) == 1 for group in range(30))
