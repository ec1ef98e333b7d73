"""The figures of an evaluation, worked out by hand."""

from __future__ import annotations

import pytest
from sklearn.metrics import matthews_corrcoef

from bot.nlu.answers import THRESHOLDS, Answers

MIXED = Answers(
    wanted=["a", "a", "b", "b", None, None],
    understood=["a", "b", "b", "b", "a", "b"],
    ours=[0.95, 0.55, 0.35, 0.75, 0.25, 0.65],
    milliseconds=[1, 2, 3, 4, 5, 60],
)


def test_accuracy_counts_texts_in_scope_only_and_rejects_nothing() -> None:
    assert MIXED.in_scope_accuracy == 3 / 4
    assert (MIXED.in_scope, MIXED.out_of_scope) == (4, 2)


def test_a_threshold_rejects_what_is_less_sure() -> None:
    line = MIXED.at(0.5)
    assert line.in_scope_accuracy == 2 / 4  # the third is right, but rejected
    assert line.oos_recall == 1 / 2
    assert line.accuracy == 3 / 6
    assert line.mcc == pytest.approx(
        matthews_corrcoef(["a", "a", "b", "b", "oos", "oos"], ["a", "b", "oos", "b", "oos", "b"])
    )


def test_a_text_exactly_at_the_threshold_is_kept() -> None:
    answers = Answers(["a", "b"], ["a", "b"], [0.5, 0.4])
    assert answers.at(0.5).in_scope_accuracy == 1 / 2


def test_the_thresholds_are_those_of_the_protocol() -> None:
    assert [line.threshold for line in MIXED.by_threshold()] == [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]


def test_the_best_threshold_treats_most_texts_rightly() -> None:
    threshold = MIXED.best_threshold()
    assert MIXED.at(threshold).accuracy == max(MIXED.at(step / 100).accuracy for step in range(101))
    assert threshold == pytest.approx(0.3)


def test_texts_of_equal_certainty_are_not_torn_apart() -> None:
    answers = Answers([None, "a", "a"], ["a", "a", "a"], [0.5, 0.5, 0.5])
    assert answers.best_threshold() == 0.0


def test_everything_is_rejected_where_that_is_best() -> None:
    answers = Answers([None, None, "a"], ["a", "a", "b"], [0.8, 0.9, 0.7])
    assert answers.at(answers.best_threshold()).oos_recall == 1.0


def test_without_texts_out_of_scope_there_is_no_recall_and_no_calibration() -> None:
    answers = Answers(["a", "b"], ["a", "b"], [0.9, 0.8])
    assert answers.at(0.5).oos_recall is None
    figures = answers.figures(0.5)
    assert (figures["oos_recall"], figures["ece"], figures["best_mcc"]) == (None, None, 1.0)


def test_one_class_everywhere_has_no_correlation() -> None:
    assert Answers(["a"], ["a"], [0.9]).at(0.5).mcc == 0.0


def test_calibration_compares_certainty_with_the_share_in_scope() -> None:
    sure = Answers(["a"] * 9 + [None], ["a"] * 10, [0.9] * 10)
    assert sure.calibration_error() == pytest.approx(0.0)
    assert Answers(["a", None], ["a", "a"], [0.8, 0.8]).calibration_error() == pytest.approx(0.3)


def test_calibration_can_weigh_texts_out_of_scope_by_another_share() -> None:
    answers = Answers(["a", None], ["a", "a"], [0.75, 0.75])
    assert answers.calibration_error(oos_share=0.25) == pytest.approx(0.0)


def test_figures_name_the_best_threshold_and_that_in_use() -> None:
    figures = MIXED.figures(0.3)
    assert figures["best_mcc"] == round(max(MIXED.at(threshold).mcc for threshold in THRESHOLDS), 4)
    assert figures["mcc_at_default_threshold"] == round(MIXED.at(0.3).mcc, 4)
    assert figures["p50_ms"] == 3.5


def test_confusions_leave_out_what_is_out_of_scope() -> None:
    assert MIXED.confusions() == [("a", "b", 1)]
