"""The families that are compared: a logistic regression and boosted trees; both say what each input added."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from crm_core.learning.contract import SEED, THREADS
from crm_core.purchase_intent.inputs import Matrix

Labels = npt.NDArray[np.bool_]
_TREES = {
    "objective": "binary",
    "learning_rate": 0.05,
    "num_leaves": 12,
    "min_data_in_leaf": 40,
    "feature_fraction": 0.8,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
    "seed": SEED,
    "num_threads": THREADS,
}
_ROUNDS = 120
_PENALTY = 0.3  # inverse strength of the logistic regression's


class Scorer(Protocol):
    """Gives log-odds, and how much of them each input added."""

    algorithm: str

    def contributions(self, inputs: Matrix) -> Matrix:
        """Give what each input adds to the log-odds; the last column is what all customers start from."""

    def save(self, folder: Path) -> None:
        """Write the scorer's file."""


class Logistic:
    """A logistic regression on standardised inputs."""

    algorithm = "logistic"

    def __init__(self, means: Matrix, weights: Matrix, start: float) -> None:
        self._means = means
        self._weights = weights  # per unit of the input, not per standard deviation
        self._start = start

    @classmethod
    def fit(cls, inputs: Matrix, labels: Labels) -> Logistic:
        """Learn from inputs and whether each customer bought."""
        from sklearn.linear_model import LogisticRegression

        means, spread = inputs.mean(axis=0), inputs.std(axis=0)
        spread[spread < 1e-9] = 1.0
        fitted = LogisticRegression(C=_PENALTY, max_iter=500).fit((inputs - means) / spread, labels)
        return cls(means, fitted.coef_.ravel() / spread, float(fitted.intercept_[0]))

    def contributions(self, inputs: Matrix) -> Matrix:
        """Give each weight times the distance from the mean customer."""
        return np.column_stack([(inputs - self._means) * self._weights, np.full(len(inputs), self._start)])

    def save(self, folder: Path) -> None:
        """Write `logistic.json`."""
        values = {"means": self._means.tolist(), "weights": self._weights.tolist(), "start": self._start}
        (folder / "logistic.json").write_text(json.dumps(values), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Logistic:
        """Read what `save` wrote."""
        values = json.loads((folder / "logistic.json").read_text("utf-8"))
        return cls(np.array(values["means"]), np.array(values["weights"]), values["start"])


class Boosting:
    """Gradient-boosted trees (LightGBM); contributions are exact Shapley values (Lundberg et al. 2020)."""

    algorithm = "boosting"

    def __init__(self, booster: Any) -> None:
        self._booster = booster

    @classmethod
    def fit(cls, inputs: Matrix, labels: Labels) -> Boosting:
        """Learn from inputs and whether each customer bought."""
        import lightgbm

        return cls(lightgbm.train(_TREES, lightgbm.Dataset(inputs, labels.astype(float)), num_boost_round=_ROUNDS))

    def contributions(self, inputs: Matrix) -> Matrix:
        """Give the Shapley values."""
        if not len(inputs):
            return np.empty((0, inputs.shape[1] + 1))
        return np.asarray(self._booster.predict(inputs, pred_contrib=True, num_threads=THREADS), dtype=np.float64)

    def save(self, folder: Path) -> None:
        """Write `boosting.txt`, LightGBM's own text."""
        self._booster.save_model(str(folder / "boosting.txt"))

    @classmethod
    def load(cls, folder: Path) -> Boosting:
        """Read what `save` wrote."""
        import lightgbm

        return cls(lightgbm.Booster(model_file=str(folder / "boosting.txt")))


FAMILIES: dict[str, Callable[[Matrix, Labels], Scorer]] = {"logistic": Logistic.fit, "boosting": Boosting.fit}
LOADERS: dict[str, Callable[[Path], Scorer]] = {"logistic": Logistic.load, "boosting": Boosting.load}
