"""Trains purchase intent on past moments, each with the 30 days that came after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from crm_core.learning import metrics
from crm_core.learning.card import Card, Metrics
from crm_core.learning.contract import THREADS, TooLittleData
from crm_core.learning.progress import Progress, quiet
from crm_core.purchase_intent.calibration import fit_calibrator
from crm_core.purchase_intent.inputs import NAMES, WINDOW_DAYS, matrix
from crm_core.purchase_intent.model import TASK, Levels, PurchaseIntent, SameRate
from crm_core.purchase_intent.scorers import FAMILIES

SNAPSHOTS = 8  # past moments to learn from, besides the one held out
LEAST_BUYERS = 30  # in every part: learning, calibration, hold-out
_SUSPICIOUS = 0.95  # a single input that ranks this well probably knows the outcome


def fit(frame: pd.DataFrame, family: str | None = None) -> PurchaseIntent:
    """Learn from snapshots: the newest one calibrates, the earlier ones teach.

    Args:
        frame: Raw features, `as_of` (the snapshot's moment) and `bought` (whether an order followed within 30 days);
            a customer stands in it once for each snapshot.
        family: One of `FAMILIES`; left out, the one whose calibrated probabilities have the lower log-loss.

    Raises:
        TooLittleData: Too few customers bought, or all did.
    """
    teaching, calibrating = _parts(frame)
    tried = {name: _fit_family(name, teaching, calibrating) for name in ([family] if family else FAMILIES)}
    return min(tried.values(), key=lambda pair: pair[1])[0]


def train(frame: pd.DataFrame, progress: Progress = quiet) -> tuple[PurchaseIntent, Card]:
    """Measure every family on the newest snapshot, then learn again with that snapshot included.

    Args:
        frame: As for `fit`; at least two snapshots.
        progress: Told how far it is.

    Raises:
        TooLittleData: There are not two snapshots, or too few customers bought.
    """
    newest = frame["as_of"].max()
    past, held_out = frame[frame["as_of"] < newest], frame[frame["as_of"] == newest]
    _check(held_out)
    steps = len(FAMILIES) + 1
    tried: dict[str, tuple[PurchaseIntent, float]] = {}
    for step, family in enumerate(FAMILIES):
        progress(step, steps, TASK)
        teaching, calibrating = _parts(past)
        tried[family] = _fit_family(family, teaching, calibrating)
    best = min(tried, key=lambda family: tried[family][1])
    progress(steps - 1, steps, TASK)
    served = fit(frame, best)
    progress(steps, steps, TASK)
    results = {model.algorithm: evaluate(model.predict, held_out) for model, _ in tried.values()}
    measured = tried[best][0]
    naive = SameRate.fit(past)
    said = measured.predict(held_out)["value"]
    card = Card(
        task=TASK,
        algorithm=served.algorithm,
        rows=len(frame),
        split="time",
        headline="log_loss",
        metrics=results[measured.algorithm],
        baseline=evaluate(naive.predict, held_out),
        baseline_algorithm=naive.algorithm,
        candidates=results,
        data=_facts(frame, held_out, served),
        tables={
            "reliability": _reliability(held_out, said),
            "single_inputs": _single_inputs(held_out),
        },
    )
    return served, card


def evaluate(predict: Callable[[pd.DataFrame], pd.DataFrame], held_out: pd.DataFrame) -> Metrics:
    """Measure probabilities on a snapshot: ranking (`auc`, `ap`), calibration (`ece`, `brier`, `log_loss`)."""
    said = predict(held_out)["value"].to_numpy()
    truth = held_out["bought"].to_numpy(dtype=bool)
    return {
        "auc": metrics.auc(truth, said),
        "ap": metrics.average_precision(truth, said),
        "ece": metrics.expected_calibration_error(truth, said),
        "brier": metrics.brier(truth, said),
        "log_loss": metrics.log_loss(truth, said),
    }


def _fit_family(family: str, teaching: pd.DataFrame, calibrating: pd.DataFrame) -> tuple[PurchaseIntent, float]:
    with threadpool_limits(THREADS):
        scorer = FAMILIES[family](matrix(teaching), teaching["bought"].to_numpy(dtype=bool))
        log_odds = scorer.contributions(matrix(calibrating)).sum(axis=1)
        truth = calibrating["bought"].to_numpy(dtype=bool)
        calibrator, loss = fit_calibrator(log_odds, truth)
    return PurchaseIntent(scorer, calibrator, Levels.around(float(truth.mean())), len(calibrating)), loss


def _parts(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Part into what teaches and what calibrates: by time, or by customer where there is one snapshot only."""
    newest = frame["as_of"].max()
    calibrating = frame["as_of"] == newest
    if calibrating.all():
        calibrating = pd.Series(np.arange(len(frame)) % 2 == 0, index=frame.index)
    teaching, rest = frame[~calibrating], frame[calibrating]
    for part in (teaching, rest):
        _check(part)
    return teaching, rest


def _check(part: pd.DataFrame) -> None:
    buyers = int(part["bought"].sum())
    if buyers < LEAST_BUYERS or buyers == len(part):
        raise TooLittleData(
            f"{buyers} of {len(part)} customers bought within {WINDOW_DAYS} days; "
            f"at least {LEAST_BUYERS} must have, and not all"
        )


def _facts(frame: pd.DataFrame, held_out: pd.DataFrame, served: PurchaseIntent) -> dict[str, Any]:
    return {
        "snapshots": sorted({moment.isoformat(timespec="minutes") for moment in frame["as_of"]}),
        "customers": len(held_out),
        "buyers_share": round(float(held_out["bought"].mean()), 4),
        "medium_from": round(served.levels.medium, 4),
        "high_from": round(served.levels.high, 4),
    }


def _reliability(held_out: pd.DataFrame, said: pd.Series[float]) -> list[list[Any]]:
    rows = metrics.reliability(held_out["bought"].to_numpy(dtype=float), said.to_numpy())
    return [["said", "came", "customers"], *([f"{mean:.3f}", f"{came:.3f}", count] for mean, came, count in rows)]


def _single_inputs(held_out: pd.DataFrame) -> list[list[Any]]:
    """Rank the inputs by how well each alone tells buyers apart, to catch one that encodes the outcome."""
    inputs, truth = matrix(held_out), held_out["bought"].to_numpy(dtype=bool)
    alone = [metrics.auc(truth, inputs[:, column]) for column in range(inputs.shape[1])]
    ranked = sorted(zip(NAMES, alone, strict=True), key=lambda item: -abs(item[1] - 0.5))
    return [
        ["input", "auc_alone", "suspicious"],
        *([name, f"{value:.3f}", "!" if max(value, 1 - value) > _SUSPICIOUS else ""] for name, value in ranked[:8]),
    ]
