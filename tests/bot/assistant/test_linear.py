"""Our logistic regression gives the answers of scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from bot.assistant.components.linear import fit_linear

CHANCE = np.random.default_rng(1)
ROWS = CHANCE.normal(size=(120, 6)).astype(np.float32)
CLASSES = (ROWS[:, 0] > 0).astype(np.int64) + (ROWS[:, 1] > 0.5)


@pytest.mark.parametrize("C", [0.1, 1.0, 10.0])
def test_the_weights_give_the_same_probabilities(C: float) -> None:  # noqa: N803
    found = fit_linear(ROWS, CLASSES, 3, C)
    scores = ROWS @ found.weights + found.bias
    likely = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    wanted = LogisticRegression(C=C, tol=1e-8, max_iter=1000).fit(ROWS, CLASSES).predict_proba(ROWS)
    assert likely == pytest.approx(wanted, abs=0.02)


def test_sparse_rows_give_the_same_weights() -> None:
    dense, sparse = fit_linear(ROWS, CLASSES, 3, 1.0), fit_linear(csr_matrix(ROWS), CLASSES, 3, 1.0)
    assert sparse.weights == pytest.approx(dense.weights, abs=1e-3)


def test_one_row_is_scored_by_the_columns_it_has() -> None:
    found = fit_linear(ROWS, CLASSES, 3, 1.0)
    scores = found.scores(np.array([1, 4]), ROWS[0, [1, 4]])
    assert scores == pytest.approx(np.where([0, 1, 0, 0, 1, 0], ROWS[0], 0) @ found.weights + found.bias, abs=1e-5)


def test_a_class_without_examples_is_never_likely() -> None:
    found = fit_linear(ROWS, CLASSES, 4, 1.0)
    assert (np.argmax(ROWS @ found.weights + found.bias, axis=1) != 3).all()
