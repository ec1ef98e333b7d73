"""K-means on standardised features, and how many groups: the number whose grouping resampled customers reproduce."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from threadpoolctl import threadpool_limits

from crm_core.learning.contract import SEED, THREADS, TooLittleData
from crm_core.segments.inputs import NAMES, Matrix, buyers, matrix
from crm_core.segments.keys import name_clusters
from crm_core.segments.model import Profile, SegmentModel
from crm_core.segments.rules import describe

LEAST = 50  # customers with orders
RESAMPLES = 6
_SIZES = (4, 5, 6)  # fewer than there are keys, so that none is forced upon a group
_SAMPLE = 20_000  # customers; more change neither the centres nor the stability
_STARTS = 3  # of each K-means, the best of which is kept
_AS_GOOD = 0.02  # of two numbers of groups about equally stable the larger one says more


@dataclass(frozen=True)
class Standard:
    """Means and standard deviations of the logarithms."""

    means: Matrix
    spreads: Matrix

    @classmethod
    def of(cls, logarithms: Matrix) -> Standard:
        """Take them from customers; a feature in which all are equal keeps its unit."""
        spreads = logarithms.std(axis=0)
        return cls(logarithms.mean(axis=0), np.where(spreads < 1e-9, 1.0, spreads))


def fit(frame: pd.DataFrame, groups: int | None = None) -> SegmentModel:
    """Group customers.

    Args:
        frame: Raw features of `storage.features`; customers without an order are left out.
        groups: How many groups, at most as many as there are keys; left out, the most stable number.

    Raises:
        TooLittleData: There are too few customers with orders.
    """
    return learn(frame, groups)[0]


def learn(frame: pd.DataFrame, groups: int | None = None) -> tuple[SegmentModel, dict[int, float]]:
    """Group customers as `fit` does, and give the stability of each number of groups that was tried."""
    known = buyers(frame)
    if len(known) < LEAST:
        raise TooLittleData(f"{len(known)} customers with orders; at least {LEAST} are needed")
    standard = Standard.of(matrix(known))
    scaled = standardised(known)
    tried = {} if groups else stability(scaled)
    centres = _centres(scaled, groups or choose(tried), SEED)
    usual = np.array([np.median(known["orders"].to_numpy()[members]) for members in _members(known, standard, centres)])
    bare = SegmentModel(name_clusters(centres, usual), centres, standard.means, standard.spreads)
    return SegmentModel(bare.keys, centres, standard.means, standard.spreads, profile(bare, known)), tried


def standardised(known: pd.DataFrame) -> Matrix:
    """Give at most 20,000 of the customers in standard deviations from their mean."""
    logarithms = matrix(known)
    standard = Standard.of(logarithms)
    scaled = (logarithms - standard.means) / standard.spreads
    if len(scaled) <= _SAMPLE:
        return scaled
    return scaled[np.random.default_rng(SEED).permutation(len(scaled))[:_SAMPLE]]


def stability(scaled: Matrix) -> dict[int, float]:
    """Give the stability of each number of groups that there are enough customers for."""
    return {count: resampled(scaled, count) for count in _SIZES if count * 10 <= len(scaled)}


def resampled(scaled: Matrix, count: int) -> float:
    """Tell how alike groupings learned from resampled customers are.

    The measure is the mean adjusted Rand index (Hubert and Arabie 1985) between the grouping by all and the groupings
    by bootstrap samples, all customers being grouped; 1 is the same, 0 is chance.
    """
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(SEED)
    whole = _nearest(scaled, _centres(scaled, count, SEED))
    scores = []
    for draw in range(RESAMPLES):
        sample = scaled[random.integers(0, len(scaled), len(scaled))]
        scores.append(adjusted_rand_score(whole, _nearest(scaled, _centres(sample, count, SEED + draw + 1))))
    return float(np.mean(scores))


def choose(stabilities: dict[int, float]) -> int:
    """Take the largest number of groups that is about as stable as the most stable one."""
    best = max(stabilities.values())
    return max(count for count, value in stabilities.items() if value >= best - _AS_GOOD)


def profile(model: SegmentModel, frame: pd.DataFrame) -> tuple[Profile, ...]:
    """Describe each group: size, medians, and the rules of a shallow tree that tell it apart."""
    labels = model.predict(frame)["label"]
    rules = describe(frame[list(NAMES)], labels)
    medians = frame[list(NAMES)].astype(float).groupby(labels).median()
    sizes = labels.value_counts()
    return tuple(
        Profile(
            key=key,
            size=int(sizes[key]),
            medians={name: round(float(medians[name][key]), 2) for name in NAMES},
            rules=rules.get(key, []),
        )
        for key in model.keys
        if key in medians.index
    )


def _members(known: pd.DataFrame, standard: Standard, centres: Matrix) -> list[npt.NDArray[np.bool_]]:
    nearest = _nearest((matrix(known) - standard.means) / standard.spreads, centres)
    return [nearest == place for place in range(len(centres))]


def _centres(scaled: Matrix, count: int, seed: int) -> Matrix:
    from sklearn.cluster import KMeans

    with threadpool_limits(THREADS):
        fitted = KMeans(count, n_init=_STARTS, random_state=seed).fit(scaled)
    return np.asarray(fitted.cluster_centers_, dtype=np.float64)


def _nearest(scaled: Matrix, centres: Matrix) -> npt.NDArray[np.intp]:
    squares = np.column_stack([((scaled - centre) ** 2).sum(axis=1) for centre in centres])
    return np.asarray(squares.argmin(axis=1), dtype=np.intp)
