"""Is a message about any of the intents at all? A logistic regression over what the classifier's answer looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

USUAL_SHARE = 0.1  # of messages that are about nothing the assistant knows
_FEWEST = 8  # examples from outside; fewer teach nothing
_SHARE_OF_USUAL = 0.15
_NOT_STRANGE = -10.0  # what a class `out of scope` gives to most texts of other intents, as a logit
_TRUST = 4.0  # how many examples the usual coefficients are worth, each


@dataclass(frozen=True)
class Rejector:
    """Coefficients over standardised features.

    Attributes:
        mean: Of each feature.
        spread: The standard deviation of each feature.
        coefficients: One for each feature.
        intercept: Before any feature is seen.
    """

    mean: np.ndarray
    spread: np.ndarray
    coefficients: np.ndarray
    intercept: float

    def ours(self, features: np.ndarray) -> float:
        """Return the probability that a text with these features is one of the intents."""
        return float(_sigmoid((features - self.mean) / self.spread @ self.coefficients + self.intercept))

    def expecting(self, share: float, instead_of: float) -> Rejector:
        """Return the same rejector for another share of messages from outside."""
        return replace(self, intercept=self.intercept + _logit(instead_of) - _logit(share))

    def refitted(self, features: np.ndarray, ours: np.ndarray, share: float = USUAL_SHARE) -> Rejector:
        """Return a rejector that has learnt from examples, and stays near this one where they are few.

        Args:
            features: Of held-out texts, shape (texts, features).
            ours: Which of them are of one of the intents.
            share: The share of messages from outside in real life; examples from outside count as so many.
        """
        outside = int((~ours).sum())
        if outside < _FEWEST or not ours.any():
            return self
        weights = np.where(ours, (1 - share) / ours.sum(), share / outside) * len(ours)
        weights *= min(1.0, outside / (share * len(ours)))  # a few examples must not count as many
        rows = np.column_stack([(features - self.mean) / self.spread, np.ones(len(features))])
        signs = np.where(ours, 1.0, -1.0)
        start = np.append(self.coefficients, self.intercept)

        def loss(wanted: np.ndarray) -> tuple[float, np.ndarray]:
            margins = signs * (rows @ wanted)
            away = wanted - start
            slope = -weights * signs * _sigmoid(-margins)
            value = float(weights @ np.logaddexp(0, -margins) + _TRUST / 2 * away @ away)
            return value, rows.T @ slope + _TRUST * away

        found = minimize(loss, start, jac=True, method="L-BFGS-B").x
        return Rejector(self.mean, self.spread, found[:-1], float(found[-1]))

    def as_json(self) -> dict[str, list[float] | float]:
        """Return plain numbers."""
        arrays = {"mean": self.mean, "spread": self.spread, "coefficients": self.coefficients}
        return {**{name: array.tolist() for name, array in arrays.items()}, "intercept": self.intercept}

    @classmethod
    def of_json(cls, values: dict[str, list[float] | float]) -> Rejector:
        """Return what `as_json` gave."""
        mean, spread, coefficients = (np.array(values[name]) for name in ("mean", "spread", "coefficients"))
        return cls(mean, spread, coefficients, float(np.asarray(values["intercept"])))


def features_of(probabilities: np.ndarray, outside: float | None, nearness: Sequence[float]) -> np.ndarray:
    """Return what the rejector looks at.

    Args:
        probabilities: Of the intents; they sum to one.
        outside: The probability that the classifier itself gives to `out of scope`; None when it has no such class.
        nearness: The cosine of the nearest example, in each space there is.
    """
    ordered = np.sort(probabilities)[::-1].astype(np.float64)
    first, second = np.clip([ordered[0], ordered[1] if len(ordered) > 1 else 0.0], 1e-6, 1 - 1e-6)
    entropy = -float(ordered @ np.log(ordered + 1e-12)) / max(np.log(len(ordered)), 1e-9)
    strangeness = _NOT_STRANGE if outside is None else _logit(outside)
    return np.array([_logit(first), first - second, entropy, np.log(first / second), strangeness, *nearness])


# Fitted on CLINC150 (small): 3,000 texts of its intents, and 200 from outside that count as `_SHARE_OF_USUAL`; how
# strangeness counts, on a model that had 100 of these as a class.
_USUAL = {
    "lite": Rejector(
        np.array([5.28, 0.844, 0.097, 6.26, _NOT_STRANGE, 0.571]),
        np.array([3.72, 0.287, 0.191, 3.75, 3.6, 0.169]),
        np.array([0.64, -0.226, -0.932, -0.021, -1.1, 0.633]),
        3.04,
    ),
    "dense": Rejector(
        np.array([5.43, 0.863, 0.073, 6.23, _NOT_STRANGE, 0.573, 0.748]),
        np.array([3.52, 0.257, 0.14, 3.6, 3.6, 0.167, 0.171]),
        np.array([0.185, -0.06, -0.892, 0.208, -0.93, 0.177, 1.734]),
        4.7,
    ),
}


def usual(kind: str, share: float = USUAL_SHARE) -> Rejector:
    """Return the rejector to start from.

    Args:
        kind: `dense` for texts with a sentence vector, `lite` for those without.
        share: The share of messages from outside in real life.
    """
    return _USUAL[kind].expecting(share, instead_of=_SHARE_OF_USUAL)


def _logit(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)))
