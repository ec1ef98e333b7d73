"""From log-odds to probabilities that can be believed, and how far they can be believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from crm_core.learning import metrics
from crm_core.learning.contract import SEED

Values = npt.NDArray[np.float64]
_LEAST, _MOST = 0.002, 0.998
_Z = 1.645  # of a 90 % interval
_BINS = 10


class Calibrator(Protocol):
    """Turns log-odds into probabilities."""

    kind: str

    def probabilities(self, log_odds: Values) -> Values:
        """Give probabilities in (0, 1)."""

    def as_json(self) -> dict[str, Any]:
        """Give the calibrator as plain data."""


@dataclass(frozen=True)
class Sigmoid:
    """Platt scaling: 1 / (1 + exp(-(slope * log-odds + offset)))."""

    slope: float
    offset: float
    kind = "sigmoid"

    def probabilities(self, log_odds: Values) -> Values:
        """Give probabilities in (0, 1)."""
        return np.clip(1 / (1 + np.exp(-(self.slope * log_odds + self.offset))), _LEAST, _MOST)

    def as_json(self) -> dict[str, Any]:
        """Give slope and offset."""
        return {"kind": self.kind, "slope": self.slope, "offset": self.offset}

    @classmethod
    def fit(cls, log_odds: Values, labels: npt.NDArray[np.bool_]) -> Sigmoid:
        """Learn slope and offset."""
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression(C=100.0).fit(log_odds.reshape(-1, 1), labels)
        return cls(max(float(fitted.coef_[0, 0]), 0.0), float(fitted.intercept_[0]))


@dataclass(frozen=True)
class Isotonic:
    """A rising curve through the calibration rows (pool adjacent violators), straight between its corners."""

    corners: tuple[float, ...]
    heights: tuple[float, ...]
    kind = "isotonic"

    def probabilities(self, log_odds: Values) -> Values:
        """Give probabilities in (0, 1)."""
        return np.clip(np.interp(log_odds, self.corners, self.heights), _LEAST, _MOST)

    def as_json(self) -> dict[str, Any]:
        """Give the corners of the curve."""
        return {"kind": self.kind, "corners": self.corners, "heights": self.heights}

    @classmethod
    def fit(cls, log_odds: Values, labels: npt.NDArray[np.bool_]) -> Isotonic:
        """Learn the curve."""
        from sklearn.isotonic import IsotonicRegression

        fitted = IsotonicRegression(out_of_bounds="clip").fit(log_odds, labels.astype(float))
        return cls(tuple(fitted.X_thresholds_.tolist()), tuple(fitted.y_thresholds_.tolist()))


def fit_calibrator(log_odds: Values, labels: npt.NDArray[np.bool_]) -> tuple[Calibrator, float]:
    """Choose between the two kinds by the log-loss on the half that each was not fitted on.

    Returns:
        The better kind, fitted on all rows, and that log-loss.
    """
    half = np.random.default_rng(SEED).permutation(len(labels)) % 2 == 0
    losses = {}
    for kind in (Sigmoid, Isotonic):
        said = np.empty(len(labels))
        for inside in (half, ~half):
            said[~inside] = kind.fit(log_odds[inside], labels[inside]).probabilities(log_odds[~inside])
        losses[kind] = metrics.log_loss(labels, said)
    best = min(losses, key=losses.__getitem__)
    return best.fit(log_odds, labels), losses[best]


def calibrator_from_json(values: dict[str, Any]) -> Calibrator:
    """Make a calibrator from what `as_json` gave."""
    if values["kind"] == Sigmoid.kind:
        return Sigmoid(values["slope"], values["offset"])
    return Isotonic(tuple(values["corners"]), tuple(values["heights"]))


def interval(probability: Values, rows: int) -> tuple[Values, Values]:
    """Give the 90 % interval (Wilson 1927) of a share seen among as many rows as a tenth of the calibration rows."""
    seen = max(rows / _BINS, 1.0)
    middle = (probability + _Z**2 / (2 * seen)) / (1 + _Z**2 / seen)
    half = _Z / (1 + _Z**2 / seen) * np.sqrt(probability * (1 - probability) / seen + _Z**2 / (4 * seen**2))
    return np.minimum(middle - half, probability).clip(0, 1), np.maximum(middle + half, probability).clip(0, 1)
