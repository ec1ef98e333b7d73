"""The nearest example is found among those of a few intents."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from bot.assistant.components.nearest import Nearest

CHANCE = np.random.default_rng(2)
ROWS = CHANCE.random((12, 8)) * (CHANCE.random((12, 8)) > 0.5)
ROWS[5] = 0
VECTORS = CHANCE.normal(size=(12, 4)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
CLASSES = np.array([2, 0, 1, 0, 2, 1, 0, 2, 2, 1, 0, 4])
COUNT = 5


@pytest.fixture
def nearest() -> Nearest:
    return Nearest.fit(csr_matrix(ROWS), CLASSES, COUNT, VECTORS)


@pytest.mark.parametrize("likely", [[0], [1, 2], [0, 1, 2, 4]])
def test_it_is_the_same_as_looking_at_each(nearest: Nearest, likely: list[int]) -> None:
    columns, values = np.array([0, 3, 7]), np.array([0.5, 0.2, 0.9], dtype=np.float32)
    query = np.zeros(8)
    query[columns] = values
    chosen = ROWS[np.isin(CLASSES, likely)]
    lengths = np.maximum(np.linalg.norm(chosen, axis=1), 1e-9) * np.linalg.norm(query)
    assert nearest.cosine(columns, values, likely) == pytest.approx((chosen @ query / lengths).max(), abs=1e-5)
    assert nearest.likeness(VECTORS[0], likely) == pytest.approx(
        (VECTORS[np.isin(CLASSES, likely)] @ VECTORS[0]).max(), abs=1e-5
    )


def test_nothing_is_near_where_there_is_nothing(nearest: Nearest) -> None:
    nothing = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
    assert nearest.cosine(*nothing, [0]) == 0
    assert nearest.cosine(np.array([1]), np.ones(1, dtype=np.float32), [3]) == nearest.likeness(VECTORS[0], [3]) == 0
    assert Nearest.fit(csr_matrix(ROWS), CLASSES, COUNT).likeness(VECTORS[0], [0]) == 0


def test_like_examples_share_a_text_among_their_classes(nearest: Nearest) -> None:
    shares = nearest.shares(VECTORS[3], [0, 1, 3])
    assert shares.sum() == pytest.approx(1)
    assert shares.argmax() == CLASSES[3]
    assert shares[3] == shares[4] == 0
