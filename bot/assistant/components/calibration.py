"""Scores to probabilities that keep their word: temperatures, the mean of three parts, the doubt whether it is ours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bot.assistant.components.rejector import USUAL_SHARE, Rejector, features_of, usual
from bot.assistant.components.scorer import Evidence

_TEMPERATURES = np.geomspace(0.05, 4.0, 40)
_FEWEST = 20  # held-out texts; fewer say little about a temperature
_SHARES = (0.2, 0.5, 0.3)  # of n-grams, sentence vectors and like examples in the mean, where a text has a vector


@dataclass(frozen=True)
class Calibration:
    """How evidence becomes probabilities.

    Attributes:
        lite: What the scores of n-grams are divided by.
        dense: What the scores of sentence vectors are divided by.
        outside: The last class is `out of scope`.
        rejectors: For texts without (`lite`) and with (`dense`) a sentence vector.
    """

    lite: float = 0.6
    dense: float = 0.6
    outside: bool = False
    rejectors: tuple[Rejector, Rejector] = (usual("lite"), usual("dense"))

    @classmethod
    def fit(
        cls, evidence: Sequence[Evidence], classes: np.ndarray, *, outside: int | None, share: float = USUAL_SHARE
    ) -> Calibration:
        """Learn from held-out texts.

        Args:
            evidence: Of each text, by a scorer that has not seen it.
            classes: What each is.
            outside: The number of the class `out of scope`, the last one; None without.
            share: The share of messages that are out of scope in real life.
        """
        usually = (usual("lite", share), usual("dense", share))
        if not len(classes):
            return cls(outside=outside is not None, rejectors=usually)
        made = cls(
            _temperature([each.lite for each in evidence], classes, cls.lite),
            _temperature([each.dense for each in evidence], classes, cls.dense),
            outside is not None,
            usually,
        )
        if outside is None:
            return made
        plain = [replace(each, dense=None) for each in evidence]
        ours = classes != outside
        lite, dense = (
            made._refitted(rejector, texts, ours, share)
            for rejector, texts in zip(usually, (plain, evidence), strict=True)
        )
        return replace(made, rejectors=(lite, dense))

    def probabilities(self, evidence: Evidence) -> tuple[np.ndarray, float]:
        """Return the probability of each intent, given that it is one, and that it is one at all.

        What is likely an example of `out of scope` is at most as much ours as it is not one, however sure the rest is.
        """
        likely, outside = self._mixed(evidence)
        features = self._features(likely, outside, evidence)
        return likely, min(self.rejectors[evidence.dense is not None].ours(features), 1 - (outside or 0.0))

    def _mixed(self, evidence: Evidence) -> tuple[np.ndarray, float | None]:
        """Return the probability of each intent, and of the class `out of scope` where there is one."""
        likely = _softmax(evidence.lite / self.lite)
        if evidence.dense is not None and evidence.shares is not None:
            parts = (likely, _softmax(evidence.dense / self.dense), evidence.shares)
            likely = np.asarray(sum(share * part for share, part in zip(_SHARES, parts, strict=True)))
        if not self.outside:
            return likely, None
        return likely[:-1] / max(float(likely[:-1].sum()), 1e-9), float(likely[-1])

    def _features(self, likely: np.ndarray, outside: float | None, evidence: Evidence) -> np.ndarray:
        nearness = [evidence.nearness] if evidence.dense is None else [evidence.nearness, evidence.likeness]
        return features_of(likely, outside, nearness)

    def _refitted(self, rejector: Rejector, evidence: Sequence[Evidence], ours: np.ndarray, share: float) -> Rejector:
        features = [self._features(*self._mixed(each), each) for each in evidence]
        rows = [row for row, each in enumerate(features) if len(each) == len(rejector.mean)]
        return rejector.refitted(np.array([features[row] for row in rows]), ours[rows], share) if rows else rejector

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        rejectors = [rejector.as_json() for rejector in self.rejectors]
        return {"lite": self.lite, "dense": self.dense, "outside": self.outside, "rejectors": rejectors}

    @classmethod
    def of_json(cls, values: dict[str, Any]) -> Calibration:
        """Return what `as_json` gave."""
        first, second = (Rejector.of_json(each) for each in values["rejectors"])
        return cls(values["lite"], values["dense"], values["outside"], (first, second))


def _temperature(scores: Sequence[np.ndarray | None], classes: np.ndarray, usual: float) -> float:
    """Find what turns scores into probabilities that held-out texts find least surprising."""
    known = [row for row, each in enumerate(scores) if each is not None]
    if len(known) < _FEWEST:
        return usual
    rows = np.array([scores[row] for row in known])
    rows -= rows.max(axis=1, keepdims=True)
    right = rows[np.arange(len(known)), classes[known]]

    def surprise(temperature: float) -> float:
        return float((np.log(np.exp(rows / temperature).sum(axis=1)) - right / temperature).mean())

    return float(min(_TEMPERATURES, key=surprise))


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max())
    return np.asarray(exponents / exponents.sum())
