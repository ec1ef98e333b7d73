"""Unusual amounts and quantities: flagged, never changed.

A value is far out when it lies beyond three interquartile ranges from the quartiles (Tukey, Exploratory Data Analysis,
1977), taken over signed logarithms because amounts are skewed. The quartiles are those of all values so far, kept in a
histogram of fixed size, so a file of any length needs the same memory.
"""

from __future__ import annotations

from typing import Any

import numpy as np

_FAR = 3.0  # interquartile ranges
_LEAST = 200  # values, before which nothing is called unusual
_LEAST_RANGE = 0.1  # of the logarithm: else any other value would be unusual where most are the same
_STEPS = 50  # bins for each unit of the logarithm
_REACH = 40  # logarithms beyond which all fall into the last bin
_BINS = 2 * _STEPS * _REACH + 1

Array = np.ndarray[Any, np.dtype[Any]]


class Fences:
    """Tells which values of one field are far out, and learns from every value that it sees."""

    def __init__(self) -> None:
        self._counts = np.zeros(_BINS, dtype=np.int64)

    def far_out(self, values: Array) -> Array:
        """Tell of each value whether it is far out.

        Args:
            values: Numbers, in whatever unit the field has.
        """
        scaled = _logarithm(values)
        bins = np.clip(np.rint((scaled + _REACH) * _STEPS), 0, _BINS - 1).astype(np.int64)
        self._counts += np.bincount(bins, minlength=_BINS)
        low, high = self.range()
        return (scaled < low) | (scaled > high)

    def range(self) -> tuple[float, float]:
        """Give the smallest and the largest signed logarithm that is not far out."""
        total = int(self._counts.sum())
        if total < _LEAST:
            return -np.inf, np.inf
        first, third = (self._quantile(total * share) for share in (0.25, 0.75))
        reach = _FAR * max(third - first, _LEAST_RANGE)
        return first - reach, third + reach

    def capped(self, values: Array) -> Array:
        """Give the values with those that are far out put at the fence: what a model may be given, never stored."""
        low, high = self.range()
        scaled = np.clip(_logarithm(values), low, high)
        return np.asarray(np.sign(scaled) * np.expm1(np.abs(scaled)))

    def _quantile(self, rank: float) -> float:
        return float(np.searchsorted(np.cumsum(self._counts), rank)) / _STEPS - _REACH


def _logarithm(values: Array) -> Array:
    numbers = np.asarray(values, dtype=np.float64)
    return np.asarray(np.sign(numbers) * np.log1p(np.abs(numbers)))
