"""How sure it is that the best passage answers: a logistic curve over what is known of a question's search.

`calibration.json` holds the numbers for each language and encoder; `python -m benchmarks.knowledge --fit` makes it from
the questions marked `fitted`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("calibration.json")


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells whether a passage answers."""

    coverage: float  # of the question by the article, in [0, 1]
    likeness: float  # cosine
    usual: float  # mean cosine with all articles: what is asked of any shop is like all of them a little
    unknown: float  # share of the question's weight in words that no article has
    votes: float  # of the known questions, about 0 to 1
    nearest: float  # cosine of the pieces of words with the most alike of the article's questions, in [0, 1]
    length: float  # logarithm of one more than the terms of the question, a tenth of it


@dataclass(frozen=True, slots=True)
class Calibration:
    """The numbers for one language and encoder."""

    likeness: float  # what a likeness of one weighs beside full coverage
    votes: float  # and what all votes of the known questions weigh
    weights: tuple[float, ...]  # of `Signs`, in their order
    offset: float

    def probability(self, signs: Signs) -> float:
        """Give the probability that the passage answers the question."""
        total = self.offset + sum(a * b for a, b in zip(self.weights, astuple(signs), strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def calibration(language: str, encoder: str) -> Calibration | None:
    """Give the numbers for a language and encoder, or None where they were never fitted.

    Args:
        language: `"en"` or `"zh"`.
        encoder: Its name; what stands behind a colon (the version's hash) is not looked at.
    """
    kept = _kept().get(language, {}).get(encoder.partition(":")[0])
    return Calibration(kept["likeness"], kept["votes"], tuple(kept["weights"]), kept["offset"]) if kept else None


@cache
def _kept() -> Mapping[str, Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return found
