"""Groups customers as they are now, and judges this way of grouping on the customers of a quarter ago."""

from __future__ import annotations

from typing import Any

import pandas as pd

from crm_core.learning.card import Card, Metrics
from crm_core.learning.progress import Progress, quiet
from crm_core.segments.grouping import LEAST, learn
from crm_core.segments.inputs import NAMES, buyers
from crm_core.segments.judging import judge, rule_stability
from crm_core.segments.keys import VALUE_ORDER
from crm_core.segments.model import SegmentModel
from crm_core.segments.rfm import RfmRule

TASK = "segment"
HOLD_OUT_DAYS = 90


def train(
    frame: pd.DataFrame, earlier: pd.DataFrame, later: pd.Series[float], progress: Progress = quiet
) -> tuple[SegmentModel, Card]:
    """Group customers.

    Args:
        frame: Raw features at the present.
        earlier: Raw features as they were `HOLD_OUT_DAYS` ago.
        later: What each customer spent since then, in average orders, by customer id.
        progress: Told how far it is.

    Raises:
        TooLittleData: There are too few customers with orders.
    """
    progress(0, 2, TASK)
    known = buyers(frame)
    served, tried = learn(frame)
    progress(1, 2, TASK)
    ours, naive = _judged(buyers(earlier), later)
    progress(2, 2, TASK)
    card = Card(
        task=TASK,
        algorithm=served.algorithm,
        rows=len(known),
        split="time",
        headline="spread",
        metrics=ours,
        baseline=naive,
        baseline_algorithm=RfmRule.algorithm,
        data={"customers": len(known), "groups": len(served.keys)},
        tables={"groups": _groups(served), "stability": _stability(tried)},
    )
    return served, card


def _judged(then: pd.DataFrame, later: pd.Series[float]) -> tuple[Metrics, Metrics]:
    """Judge our groups and the baseline's; nothing where the shop is too young for it."""
    if len(then) < LEAST:
        return {}, {}
    past, tried = learn(then)
    ours = judge(past.predict, then, later) | {"stability": tried[len(past.keys)]}
    naive = judge(RfmRule.fit(then).predict, then, later) | {"stability": rule_stability(then)}
    return ours, naive


def _groups(model: SegmentModel) -> list[list[Any]]:
    rows = [
        [each.key, each.size, *(f"{each.medians[name]:.1f}" for name in NAMES), _in_words(each.rules)]
        for each in sorted(model.profiles, key=lambda each: VALUE_ORDER.index(each.key))
    ]
    return [["group", "customers", *NAMES, "rules"], *rows]


def _in_words(rules: list[dict[str, Any]]) -> str:
    return ", ".join(f"{rule['feature']} {rule['comparison']} {rule['threshold']}" for rule in rules)


def _stability(tried: dict[int, float]) -> list[list[Any]]:
    return [["groups", "stability"], *([count, f"{value:.3f}"] for count, value in tried.items())]
