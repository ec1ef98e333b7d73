"""How text models are learned: a naive Bayes baseline, a linear support vector machine and a logistic regression.

The two linear families are compared by the log-loss of their calibrated probabilities on texts they did not see,
within the training rows; the better one is served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from crm_core.feedback.model import Calibration, Floats, TextModel
from crm_core.feedback.words import features
from crm_core.learning.contract import SEED, THREADS, TooLittleData
from crm_core.learning.splits import grouped_folds, text_groups

BASELINE = "naive_bayes"
_FOLDS = 3
_RARE = 2  # a feature of fewer texts is left out
_STRENGTH = {"linear_svm": 0.3, "logistic": 8.0}  # inverse of the regularisation
FAMILIES = tuple(_STRENGTH)


@dataclass(frozen=True)
class Comparison:
    """What came of trying the families on the training rows."""

    algorithm: str  # the one with the lowest log-loss
    calibrations: dict[str, Calibration]
    losses: dict[str, float]


@dataclass(frozen=True)
class _Encoder:
    vocabulary: dict[str, int]
    weights: Floats

    def matrix(self, texts: Sequence[list[str]]) -> sparse.csr_matrix:
        counts = count_matrix(texts, self.vocabulary)
        counts.data = 1 + np.log(counts.data)
        weighted = counts @ sparse.diags(self.weights)
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        lengths[lengths == 0] = 1
        return sparse.csr_matrix(sparse.diags(1 / lengths) @ weighted)


def fit(frame: pd.DataFrame, algorithm: str | None = None) -> TextModel:
    """Learn to label texts.

    Args:
        frame: Columns `text` and `label`.
        algorithm: A family, or `naive_bayes`; left out, the best calibrated family.

    Raises:
        TooLittleData: There are not two labels with three texts each.
    """
    texts = [features(text) for text in frame["text"]]
    labels = np.asarray(frame["label"], dtype=object)
    _check(labels)
    if algorithm == BASELINE:
        return fit_naive_bayes(texts, labels)
    families = FAMILIES if algorithm is None else (algorithm,)
    compared = compare(texts, labels, text_groups(list(frame["text"])), families)
    return fit_linear(texts, labels, compared.algorithm, compared.calibrations[compared.algorithm])


def fit_naive_bayes(texts: Sequence[list[str]], labels: npt.NDArray[Any]) -> TextModel:
    """Learn the multinomial naive Bayes baseline with add-one smoothing; its probabilities are not calibrated."""
    vocabulary = learn_vocabulary(texts)
    names = tuple(sorted(set(labels)))
    counts = count_matrix(texts, vocabulary)
    totals = np.vstack([np.asarray(counts[labels == name].sum(axis=0)).ravel() for name in names]) + 1
    priors = np.array([np.mean(labels == name) for name in names])
    return TextModel(
        algorithm=BASELINE,
        labels=names,
        vocabulary=vocabulary,
        weights=np.ones(len(vocabulary), np.float32),
        coefficients=np.log(totals / totals.sum(axis=1, keepdims=True)).T.astype(np.float32),
        intercepts=np.log(priors).astype(np.float32),
        calibration=Calibration(1.0, np.zeros(len(names), np.float32)),
        counting="plain",
    )


def fit_linear(
    texts: Sequence[list[str]], labels: npt.NDArray[Any], algorithm: str, calibration: Calibration
) -> TextModel:
    """Learn one family's coefficients on all the texts."""
    names = tuple(sorted(set(labels)))
    encoder = _learn_encoder(texts, labels, names)
    coefficients, intercepts = _coefficients(encoder.matrix(texts), labels, names, algorithm)
    return TextModel(
        algorithm=algorithm,
        labels=names,
        vocabulary=encoder.vocabulary,
        weights=encoder.weights,
        coefficients=coefficients,
        intercepts=intercepts,
        calibration=calibration,
    )


def compare(
    texts: Sequence[list[str]],
    labels: npt.NDArray[Any],
    groups: npt.NDArray[np.int64],
    families: Sequence[str] = FAMILIES,
) -> Comparison:
    """Fit every family's calibration on margins of unseen texts and tell which family is calibrated best."""
    names = tuple(sorted(set(labels)))
    folds = grouped_folds(groups, _FOLDS)
    margins = {family: np.zeros((len(texts), len(names))) for family in families}
    for fold in range(_FOLDS):
        seen, unseen = (np.flatnonzero(chosen).tolist() for chosen in (folds != fold, folds == fold))
        encoder = _learn_encoder([texts[row] for row in seen], labels[seen], names)
        inside, outside = (encoder.matrix([texts[row] for row in rows]) for rows in (seen, unseen))
        for family in families:
            coefficients, intercepts = _coefficients(inside, labels[seen], names, family)
            margins[family][unseen] = outside @ coefficients + intercepts
    truth = np.searchsorted(np.array(names, dtype=object), labels)
    fitted = {family: _calibrate(margins[family], truth) for family in families}
    losses = {family: _loss(fitted[family], margins[family], truth) for family in families}
    return Comparison(min(losses, key=losses.__getitem__), fitted, losses)


def learn_vocabulary(texts: Sequence[list[str]]) -> dict[str, int]:
    """Number the features that stand in at least two texts."""
    spread: Counter[str] = Counter()
    for text in texts:
        spread.update(set(text))
    kept = sorted(feature for feature, count in spread.items() if count >= _RARE)
    return {feature: place for place, feature in enumerate(kept)}


def count_matrix(texts: Sequence[list[str]], vocabulary: dict[str, int]) -> sparse.csr_matrix:
    """Count features: one row a text, one column a feature."""
    starts, places, counts = [0], list[int](), list[int]()
    for text in texts:
        found = Counter(vocabulary[feature] for feature in text if feature in vocabulary)
        places.extend(found)
        counts.extend(found.values())
        starts.append(len(places))
    data = np.asarray(counts, dtype=np.float32)
    return sparse.csr_matrix((data, places, starts), shape=(len(texts), len(vocabulary)))


def _learn_encoder(texts: Sequence[list[str]], labels: npt.NDArray[Any], names: Sequence[str]) -> _Encoder:
    vocabulary = learn_vocabulary(texts)
    present = count_matrix(texts, vocabulary).sign()
    spread = np.asarray(present.sum(axis=0)).ravel()
    rarity = np.log((1 + len(texts)) / (1 + spread)) + 1
    unevenness = np.max([_log_ratio(present, spread, labels == name) for name in names], axis=0)
    return _Encoder(vocabulary, (rarity * np.sqrt(unevenness)).astype(np.float32))


def _log_ratio(present: sparse.csr_matrix, spread: npt.NDArray[Any], members: npt.NDArray[np.bool_]) -> Any:
    inside = np.asarray(present[members].sum(axis=0)).ravel() + 1
    outside = spread - inside + 2
    return np.abs(np.log(inside / inside.sum()) - np.log(outside / outside.sum()))


def _coefficients(
    matrix: sparse.csr_matrix, labels: npt.NDArray[Any], names: Sequence[str], algorithm: str
) -> tuple[Floats, Floats]:
    """Learn one column of coefficients a label, each label against the rest."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    make: dict[str, Callable[[], Any]] = {
        "linear_svm": lambda: LinearSVC(C=_STRENGTH["linear_svm"], random_state=SEED),
        "logistic": lambda: LogisticRegression(
            C=_STRENGTH["logistic"], solver="liblinear", dual=True, max_iter=200, random_state=SEED
        ),
    }
    columns = []
    with threadpool_limits(THREADS):
        for name in names:
            fitted = make[algorithm]().fit(matrix, labels == name)
            columns.append((fitted.coef_.ravel(), float(fitted.intercept_[0])))
    coefficients = np.ascontiguousarray(np.array([column for column, _ in columns], dtype=np.float32).T)
    return coefficients, np.array([intercept for _, intercept in columns], dtype=np.float32)


def _calibrate(margins: npt.NDArray[np.float64], truth: npt.NDArray[np.intp]) -> Calibration:
    classes = margins.shape[1]

    def loss(values: npt.NDArray[np.float64]) -> float:
        calibration = Calibration(float(np.exp(values[0])), values[1:].astype(np.float32))
        return _loss(calibration, margins, truth) + 1e-4 * float(values[1:] @ values[1:])

    found = minimize(loss, np.concatenate([[1.0], np.zeros(classes)]), method="L-BFGS-B")
    return Calibration(float(np.exp(found.x[0])), found.x[1:].astype(np.float32))


def _loss(calibration: Calibration, margins: npt.NDArray[np.float64], truth: npt.NDArray[np.intp]) -> float:
    chances = calibration.probabilities(margins)[np.arange(len(truth)), truth]
    return float(-np.mean(np.log(np.maximum(chances, 1e-12))))


def _check(labels: npt.NDArray[Any]) -> None:
    counts = Counter(labels)
    if sum(count >= _FOLDS for count in counts.values()) < 2:
        raise TooLittleData(f"labelled texts: {dict(counts)}; at least two labels with {_FOLDS} texts each are needed")
