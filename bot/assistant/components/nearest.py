"""How near the nearest example is: a text far from all of them is seldom about any of the intents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

# Difference of cosines by which an example counts e times less: of a text that is an example, and how it grows with the
# distance, because far ones say little of each other. Chosen on ten examples each of banking77's training part.
_WIDTH, _WIDER = 0.01, 0.1


class Nearest:
    """The examples, sorted by class, so that those of a few likely classes are found at once.

    Args:
        rows: TF-IDF rows of the examples.
        classes: The class of each; ascending.
        count: How many classes there are.
        vectors: The sentence vectors of the examples; a row of zeros for one in a script the encoder does not know.
    """

    def __init__(self, rows: csr_matrix, classes: np.ndarray, count: int, vectors: np.ndarray | None) -> None:
        self.rows = rows
        self.classes = classes
        self.vectors = vectors
        lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        self._lengths = np.maximum(lengths, 1e-9).astype(np.float32)
        self._starts = np.searchsorted(classes, np.arange(count + 1))

    @classmethod
    def fit(cls, rows: csr_matrix, classes: np.ndarray, count: int, vectors: np.ndarray | None = None) -> Nearest:
        """Sort the examples by class."""
        order = np.argsort(classes, kind="stable")
        return cls(rows[order].astype(np.float32), classes[order], count, None if vectors is None else vectors[order])

    def cosine(self, columns: np.ndarray, values: np.ndarray, likely: Sequence[int]) -> float:
        """Return the largest cosine between a TF-IDF row and the examples of some classes; 0 without examples."""
        length = float(np.sqrt(values @ values))
        if not length:
            return 0.0
        query = np.zeros(self.rows.shape[1], dtype=np.float32)
        query[columns] = values / length
        return max((self._best(query, *self._starts[each : each + 2]) for each in likely), default=0.0)

    def likeness(self, vector: np.ndarray, likely: Sequence[int]) -> float:
        """Return the largest cosine between a sentence vector and the examples of some classes; 0 without examples."""
        if self.vectors is None:
            return 0.0
        parts = [self.vectors[slice(*self._starts[each : each + 2])] for each in likely]
        return max((float((part @ vector).max()) for part in parts if len(part)), default=0.0)

    def shares(self, vector: np.ndarray, likely: Sequence[int]) -> np.ndarray:
        """Return how the examples of some classes that are like a sentence vector divide among the classes."""
        cosines = {each: self.vectors[slice(*self._starts[each : each + 2])] @ vector for each in likely}  # type: ignore[index]
        nearest = max((float(found.max()) for found in cosines.values() if len(found)), default=0.0)
        width = _WIDTH + _WIDER * (1 - min(nearest, 1.0))
        shares = np.zeros(len(self._starts) - 1, dtype=np.float32)
        for each, found in cosines.items():
            shares[each] = np.exp((found - nearest) / width).sum()
        return shares / max(float(shares.sum()), 1e-9)

    def _best(self, query: np.ndarray, start: int, end: int) -> float:
        if start == end:
            return 0.0
        ends = self.rows.indptr[start : end + 1]
        products = query[self.rows.indices[ends[0] : ends[-1]]] * self.rows.data[ends[0] : ends[-1]]
        sums = np.concatenate([[0.0], np.cumsum(products, dtype=np.float64)])
        cosines = np.diff(sums[ends - ends[0]]) / self._lengths[start:end]
        return float(cosines.max())
