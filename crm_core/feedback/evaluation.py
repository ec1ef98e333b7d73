"""How well text models do on texts they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from crm_core.feedback.model import TextModel
from crm_core.learning import metrics
from crm_core.learning.card import Metrics


def evaluate(model: TextModel, texts: Sequence[list[str]], labels: npt.NDArray[Any]) -> Metrics:
    """Measure a model on hold-out texts.

    Args:
        model: The model.
        texts: The hold-out texts, taken apart.
        labels: Their labels.

    Returns:
        `accuracy`, `macro_f1`, `log_loss` and `ece` (of the probability given to the label that was named).
    """
    chances = [model.chances(text) for text in texts]
    named = [max(each, key=each.__getitem__) for each in chances]
    right = np.array([name == label for name, label in zip(named, labels, strict=True)])
    sure = [each[name] for each, name in zip(chances, named, strict=True)]
    of_truth = [each.get(label, 0.0) for each, label in zip(chances, labels, strict=True)]
    return {
        "accuracy": metrics.accuracy(list(labels), named),
        "macro_f1": metrics.macro_f1(list(labels), named),
        "log_loss": float(-np.mean(np.log(np.maximum(of_truth, 1e-12)))),
        "ece": metrics.expected_calibration_error(right, sure),
    }


def label_table(model: TextModel, texts: Sequence[list[str]], labels: npt.NDArray[Any]) -> list[list[Any]]:
    """Give F1 by label as a table with its heading."""
    named = [model.judge(text).value for text in texts]
    by_label = metrics.f1_by_label(list(labels), named)
    rows = [[name, int(np.sum(labels == name)), f"{value:.3f}"] for name, value in by_label.items()]
    return [["label", "texts", "f1"], *rows]
