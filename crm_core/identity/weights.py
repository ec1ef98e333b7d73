"""What each level of likeness counts: the shares m and u, as shipped and as learned from the data at hand."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from crm_core.identity.comparing import UNKNOWN

_SHIPPED = Path(__file__).parent / "weights.json"
FEW = 2000  # records; of fewer, chance likeness is reckoned as among so many


@dataclass(frozen=True, slots=True)
class Weights:
    """The model of Fellegi and Sunter.

    Attributes:
        twice: How many other records of the same person a record has, on the average.
        shares: By field and level, m (of the pairs of one person) and u (of the pairs of two), each in (0, 1).
    """

    twice: float
    shares: Mapping[str, Mapping[str, tuple[float, float]]]

    def of(self, field: str, level: str) -> tuple[float, float]:
        """Give m and u of a level."""
        return self.shares[field][level]

    def bits(self, field: str, level: str) -> float:
        """Give what a level counts, in bits: log2(m/u); what is unknown counts 0."""
        if level == UNKNOWN:
            return 0.0
        m, u = self.of(field, level)
        return math.log2(m / u)

    def chance(self, records: int) -> float:
        """Give the share of all pairs of so many records that are one person, in (0, 1)."""
        return self.twice / max(records, FEW)

    def prior(self, records: int) -> float:
        """Give the weight of chance, in bits: log2 of the odds that two records are one person, with nothing known."""
        chance = self.chance(records)
        return math.log2(chance / (1 - chance))


@cache
def shipped() -> Weights:
    """Give the weights that come with Rapport, learned from people who do not exist (`benchmarks/identity.py`)."""
    read = json.loads(_SHIPPED.read_text("utf-8"))
    twice = read.pop("twice")
    return Weights(twice, {field: {key: (m, u) for key, (m, u) in of.items()} for field, of in read.items()})
