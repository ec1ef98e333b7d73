"""Is a message about any of the intents at all? A logistic regression over what the classifier's answer looks like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

USUAL_SHARE = 0.15  # of messages that are about nothing the assistant knows
_FEWEST = 8  # examples from outside; fewer teach nothing
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
    strangeness = 0.0 if outside is None else _logit(outside)
    return np.array([_logit(first), first - second, entropy, np.log(first / second), strangeness, *nearness])


# Fitted on the validation part of CLINC150 (small): 3,000 texts of its intents and 100 from outside.
USUAL = {
    "lite": Rejector(
        np.array([2.3902, 0.7307, 0.228, 4.0406, 0.0, 0.5643]),
        np.array([2.4569, 0.3321, 0.2727, 2.411, 1.0, 0.1569]),
        np.array([1.8768, -0.6483, -0.8795, 0.009, 0.0, 0.5804]),
        4.0,
    ),
    "dense": Rejector(
        np.array([2.432, 0.7679, 0.1829, 3.8641, 0.0, 0.5643, 0.7523]),
        np.array([1.9823, 0.2925, 0.2156, 2.0364, 1.0, 0.1569, 0.1637]),
        np.array([0.0867, -0.133, -1.3651, 0.4279, 0.0, 0.1221, 1.7946]),
        5.5,
    ),
}


def _logit(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return float(np.log(share / (1 - share)))


def _sigmoid(value: np.ndarray) -> np.ndarray:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * value)))
