"""The nearest products of each product: a sparse matrix kept as plain arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]
_FADING = 0.97  # each older vote counts this much of the one after it


@dataclass(frozen=True)
class Neighbours:
    """For each product, others with their likeness in (0, 1].

    Attributes:
        starts: Where each product's row begins in the two other arrays; one more than there are products.
        places: Neighbours, row after row.
        likeness: How near each is.
    """

    starts: Places
    places: npt.NDArray[np.int32]
    likeness: npt.NDArray[np.float32]

    def votes(self, past: Sequence[int]) -> tuple[Floats, Places]:
        """Let a past vote for the neighbours of its products.

        Args:
            past: Places of products, newest first.

        Returns:
            The votes for each product, and which product of the past gave the most to it (-1 for none).
        """
        products = len(self.starts) - 1
        total, strongest = np.zeros(products), np.zeros(products)
        voter = np.full(products, -1, dtype=np.int64)
        for age, product in enumerate(past):
            row = slice(self.starts[product], self.starts[product + 1])
            places, given = self.places[row], self.likeness[row] * _FADING**age
            total[places] += given
            better = given > strongest[places]
            strongest[places[better]] = given[better]
            voter[places[better]] = product
        return total, voter
