"""The figures by which models are judged, each defined once.

Area under the curve follows Mann and Whitney (1947), average precision the step-wise sum without interpolation,
expected calibration error Naeini et al. (2015) with bins of equal count, nDCG Järvelin and Kekäläinen (2002).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_EPSILON = 1e-12


def auc(truth: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """Give the chance that a positive is ranked above a negative (ties count half); 0.5 where one kind is missing."""
    from scipy.stats import rankdata

    positive = np.asarray(truth, dtype=bool)
    positives, negatives = int(positive.sum()), int((~positive).sum())
    if not positives or not negatives:
        return 0.5
    ranks = rankdata(np.asarray(score, dtype=np.float64))
    return float((ranks[positive].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def average_precision(truth: npt.ArrayLike, score: npt.ArrayLike) -> float:
    """Give the area under the precision-recall steps; rows of equal score are taken together."""
    positive = np.asarray(truth, dtype=np.float64)
    scores = np.asarray(score, dtype=np.float64)
    if not positive.sum():
        return 0.0
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    hits = np.cumsum(positive[order])[last_of_tie]
    taken = np.arange(1, len(scores) + 1)[last_of_tie]
    return float(np.sum(np.diff(hits, prepend=0.0) / positive.sum() * (hits / taken)))


def brier(truth: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """Give the mean squared difference between what was said and what came, in [0, 1]."""
    return float(np.mean((np.asarray(probability, dtype=np.float64) - np.asarray(truth, dtype=np.float64)) ** 2))


def log_loss(truth: npt.ArrayLike, probability: npt.ArrayLike) -> float:
    """Give the mean negative log-likelihood of yes/no outcomes, in nats."""
    said = np.clip(np.asarray(probability, dtype=np.float64), _EPSILON, 1 - _EPSILON)
    came = np.asarray(truth, dtype=np.float64)
    return float(-np.mean(came * np.log(said) + (1 - came) * np.log(1 - said)))


def reliability(truth: npt.ArrayLike, probability: npt.ArrayLike, bins: int = 10) -> list[tuple[float, float, int]]:
    """Give (mean said, share that came, rows) for bins of about equal count, from unlikely to likely."""
    said = np.asarray(probability, dtype=np.float64)
    came = np.asarray(truth, dtype=np.float64)
    parts = np.array_split(np.argsort(said, kind="stable"), bins)
    return [(float(said[rows].mean()), float(came[rows].mean()), len(rows)) for rows in parts if len(rows)]


def expected_calibration_error(truth: npt.ArrayLike, probability: npt.ArrayLike, bins: int = 10) -> float:
    """Give the mean distance between what was said and what came, over bins of about equal count."""
    table = reliability(truth, probability, bins)
    rows = sum(count for _, _, count in table)
    return sum(abs(said - came) * count for said, came, count in table) / max(rows, 1)


def accuracy(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Give the share of labels that are right."""
    return float(np.mean(np.asarray(truth, dtype=object) == np.asarray(guess, dtype=object)))


def f1_by_label(truth: Sequence[str], guess: Sequence[str]) -> dict[str, float]:
    """Give F1 (harmonic mean of precision and recall) of every label that occurs."""
    came, said = np.asarray(truth, dtype=object), np.asarray(guess, dtype=object)
    result = {}
    for label in sorted(set(truth) | set(guess)):
        right = int(np.sum((came == label) & (said == label)))
        named = int(np.sum(came == label)) + int(np.sum(said == label))
        result[str(label)] = 2 * right / named
    return result


def macro_f1(truth: Sequence[str], guess: Sequence[str]) -> float:
    """Give the mean F1 over the labels, so that rare ones count as much as common ones."""
    return float(np.mean(list(f1_by_label(truth, guess).values())))


def recall_at(ranked: Sequence[str], wanted: Iterable[str], k: int) -> float:
    """Give the share of what was wanted (at most k) that stands among the first k."""
    targets = set(wanted)
    return len(targets & set(ranked[:k])) / min(len(targets), k) if targets else 0.0


def ndcg_at(ranked: Sequence[str], wanted: Iterable[str], k: int) -> float:
    """Give the discounted gain of the first k over that of a perfect order, in [0, 1]."""
    targets = set(wanted)
    gain = sum(1 / np.log2(place + 2) for place, item in enumerate(ranked[:k]) if item in targets)
    best = sum(1 / np.log2(place + 2) for place in range(min(len(targets), k)))
    return float(gain / best) if best else 0.0
