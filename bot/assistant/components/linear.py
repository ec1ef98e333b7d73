"""Multinomial logistic regression in float32, for many n-grams (sparse) or few dimensions (dense).

scikit-learn's gives the same answers, ten times as slowly on data of this shape: it works in float64, and hands the
weights to another L-BFGS at each step. This one keeps them in place, n-grams × intents, as they are served.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.linalg.blas import saxpy

_STEPS = 80
_REMEMBERED = 6
_HALVINGS = 20
_GAIN = 1e-5  # share of the loss below which a step no longer counts


@dataclass(frozen=True)
class Linear:
    """Weights, shape (features, classes), and what each class has before any feature is seen."""

    weights: np.ndarray
    bias: np.ndarray

    def scores(self, columns: np.ndarray, values: np.ndarray) -> np.ndarray:
        """Return the score of each class for one row that is zero but for some columns."""
        return np.asarray(values @ self.weights[columns] + self.bias)


def fit_linear(rows: Any, classes: np.ndarray, count: int, C: float) -> Linear:  # noqa: N803 - its name everywhere
    """Learn a weight for each feature and class.

    Args:
        rows: Shape (examples, features), a dense array or a sparse matrix.
        classes: The number of each example's class.
        count: How many classes there are; one without examples gets small scores.
        C: The inverse strength of the regularisation, as in scikit-learn.
    """
    loss = _Loss(rows.astype(np.float32), classes, C)
    start = np.zeros((rows.shape[1] + 1, count), dtype=np.float32)
    found = _minimise(loss, start)
    return Linear(np.ascontiguousarray(found[:-1]), found[-1].copy())


class _Loss:
    """Surprise at the examples' classes and the size of the weights; the last row of the weights is the bias."""

    def __init__(self, rows: Any, classes: np.ndarray, C: float) -> None:  # noqa: N803
        self._rows = rows
        self._columns = rows.T if isinstance(rows, np.ndarray) else rows.T.tocsr()
        self._classes = classes
        self._each = np.arange(len(classes))
        self._cost = np.float32(1 / (C * len(classes)))

    def __call__(self, weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the loss and its gradient."""
        scores = np.asarray(self._rows @ weights[:-1]) + weights[-1]
        scores -= scores.max(axis=1, keepdims=True)
        right = scores[self._each, self._classes]
        likely = np.exp(scores, out=scores)
        sums = likely.sum(axis=1, keepdims=True)
        loss = float((np.log(sums[:, 0]) - right).mean()) + 0.5 * float(self._cost * _dot(weights[:-1], weights[:-1]))
        likely /= sums
        likely[self._each, self._classes] -= 1
        likely /= len(self._each)
        gradient = np.empty_like(weights)
        gradient[:-1] = self._columns @ likely
        gradient[:-1] += self._cost * weights[:-1]
        gradient[-1] = likely.sum(axis=0)
        return loss, gradient


def _minimise(function: Callable[[np.ndarray], tuple[float, np.ndarray]], at: np.ndarray) -> np.ndarray:
    """Go downhill by L-BFGS (Nocedal and Wright, algorithm 7.5) with halved steps."""
    value, gradient = function(at)
    memory: deque[tuple[np.ndarray, np.ndarray, float]] = deque(maxlen=_REMEMBERED)
    for _ in range(_STEPS):
        step = _downhill(gradient, memory)
        slope = _dot(step, gradient)
        for _ in range(_HALVINGS):
            there = _add(1.0, at, step.copy())
            lower, turned = function(there)
            if lower <= value + 1e-4 * slope:
                break
            step *= np.float32(0.5)
            slope *= 0.5
        else:
            return at
        change = _add(-1.0, gradient, turned.copy())
        curvature = _dot(step, change)
        if curvature > 0:
            memory.append((step, change, 1 / curvature))
        gain = value - lower
        at, value, gradient = there, lower, turned
        if gain < _GAIN * value:
            break
    return at


def _downhill(gradient: np.ndarray, memory: deque[tuple[np.ndarray, np.ndarray, float]]) -> np.ndarray:
    direction = -gradient
    if not memory:
        direction *= np.float32(1 / max(np.sqrt(_dot(direction, direction)), 1e-12))
        return direction
    shares = []
    for step, change, scale in reversed(memory):
        shares.append(scale * _dot(step, direction))
        _add(-shares[-1], change, direction)
    _, change, scale = memory[-1]
    direction *= np.float32(1 / (scale * _dot(change, change)))
    for (step, change, scale), share in zip(memory, reversed(shares), strict=True):
        _add(share - scale * _dot(change, direction), step, direction)
    return direction


def _dot(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.vdot(first, second))


def _add(share: float, what: np.ndarray, to: np.ndarray) -> np.ndarray:
    """Add in place: new arrays of this size cost more than the sum."""
    saxpy(what.ravel(), to.ravel(), a=share)
    return to
