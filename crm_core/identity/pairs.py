"""Two records and what was found of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one person.

    Attributes:
        weight: The sum of all weights and of the weight of chance, log2 of the odds that it is one person.
        levels: By field, how alike it is.
        weights: By field, what that counts, in bits.
    """

    left: str
    right: str
    weight: float
    levels: dict[str, str]
    weights: dict[str, float]
