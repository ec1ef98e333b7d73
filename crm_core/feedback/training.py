"""Trains the feedback models and measures them beside the naive Bayes baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from crm_core.feedback import learning
from crm_core.feedback.evaluation import evaluate, label_table
from crm_core.feedback.model import TextModel
from crm_core.feedback.reader import CATEGORY, SENTIMENT, TASK, FeedbackModel
from crm_core.feedback.words import features
from crm_core.learning.card import Card, Metrics
from crm_core.learning.contract import TooLittleData
from crm_core.learning.progress import Progress, quiet
from crm_core.learning.splits import Mask, grouped_split, text_groups

LEAST = 50  # labelled texts


@dataclass(frozen=True)
class Trial:
    """One label kind: the model for serving and what the hold-out said."""

    model: TextModel  # learned from all rows
    metrics: Metrics
    baseline: Metrics
    candidates: dict[str, Metrics]
    by_label: list[list[Any]]


def train(frame: pd.DataFrame, progress: Progress = quiet) -> tuple[FeedbackModel, Card]:
    """Train category and sentiment.

    Args:
        frame: Columns `text`, `category` and `sentiment`.
        progress: Told how far it is.

    Raises:
        TooLittleData: There are too few labelled texts.
    """
    if len(frame) < LEAST:
        raise TooLittleData(f"{len(frame)} labelled feedback texts; at least {LEAST} are needed")
    trials = {}
    for step, kind in enumerate((CATEGORY, SENTIMENT)):
        progress(step, 2, TASK)
        trials[kind] = attempt(list(frame["text"]), np.asarray(frame[kind], dtype=object))
    progress(2, 2, TASK)
    model = FeedbackModel(trials[CATEGORY].model, trials[SENTIMENT].model)
    return model, _card(frame, model, trials)


def attempt(texts: Sequence[str], labels: npt.NDArray[Any], held_out: Mask | None = None) -> Trial:
    """Compare the families on the training rows, measure them on the hold-out, then learn from everything.

    Args:
        texts: The texts.
        labels: Their labels.
        held_out: True where a row is held out; left out, a fifth of the texts, copies kept together.
    """
    groups = text_groups(texts)
    held_out = grouped_split(groups, list(labels)) if held_out is None else held_out
    found = [features(text) for text in texts]
    inside, outside = ([found[row] for row in np.flatnonzero(mask)] for mask in (~held_out, held_out))
    compared = learning.compare(inside, labels[~held_out], groups[~held_out])
    results = {}
    by_label: list[list[Any]] = []
    for family, calibration in compared.calibrations.items():
        model = learning.fit_linear(inside, labels[~held_out], family, calibration)
        results[family] = evaluate(model, outside, labels[held_out])
        if family == compared.algorithm:
            by_label = label_table(model, outside, labels[held_out])
    naive = evaluate(learning.fit_naive_bayes(inside, labels[~held_out]), outside, labels[held_out])
    served = learning.fit_linear(found, labels, compared.algorithm, compared.calibrations[compared.algorithm])
    return Trial(served, results[compared.algorithm], naive, results, by_label)


def _card(frame: pd.DataFrame, model: FeedbackModel, trials: dict[str, Trial]) -> Card:
    def joined(pick: str, family: str | None = None) -> Metrics:
        found = {kind: trial.candidates[family] if family else getattr(trial, pick) for kind, trial in trials.items()}
        return {f"{kind}_{name}": value for kind, each in found.items() for name, value in each.items()}

    return Card(
        task=TASK,
        algorithm=model.algorithm,
        rows=len(frame),
        split="grouped",
        headline="category_macro_f1",
        metrics=joined("metrics"),
        baseline=joined("baseline"),
        baseline_algorithm=learning.BASELINE,
        candidates={family: joined("", family) for family in learning.FAMILIES},
        data={"languages": frame["language"].value_counts().to_dict() if "language" in frame else {}},
        tables={kind: trial.by_label for kind, trial in trials.items()},
    )
