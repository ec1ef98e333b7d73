"""Whether groups mean anything: are they the same when learned again, and what did they say of the time after?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from crm_core.learning.card import Metrics
from crm_core.learning.contract import SEED
from crm_core.segments.grouping import RESAMPLES
from crm_core.segments.keys import VALUE_ORDER
from crm_core.segments.rfm import RfmRule

_BEST_SHARE = 0.2

Predict = Callable[[pd.DataFrame], pd.DataFrame]


def judge(predict: Predict, then: pd.DataFrame, later: pd.Series[float]) -> Metrics:
    """Measure what groups of a while ago say of the time that followed.

    Args:
        predict: Gives each customer's group.
        then: Raw features as they were.
        later: What each customer spent since, in average orders, by customer id.

    Returns:
        `value_lift`: what the best fifth of customers, taken group by group in the order fixed beforehand, spent over
        what the mean customer spent; `spread`: share of the variance of later spending (as logarithm) between groups.
    """
    labels = predict(then)["label"]
    spent = later.reindex(then.index).fillna(0.0).astype(float)
    means = spent.groupby(labels).mean()
    counts = labels.value_counts()
    room = len(then) * _BEST_SHARE
    left, total = room, 0.0
    for key in VALUE_ORDER:
        taken = min(left, int(counts.get(key, 0)))
        total += taken * float(means.get(key, 0.0))
        left -= taken
    mean = float(spent.mean())
    return {"value_lift": total / room / mean if mean else 0.0, "spread": _share_between(spent, labels)}


def rule_stability(then: pd.DataFrame) -> float:
    """Tell how alike the baseline's groups are when its thirds are taken from resampled customers."""
    from sklearn.metrics import adjusted_rand_score

    random = np.random.default_rng(SEED)
    whole = RfmRule.fit(then).predict(then)["label"]
    samples = [then.iloc[random.integers(0, len(then), len(then))] for _ in range(RESAMPLES)]
    scores = [adjusted_rand_score(whole, RfmRule.fit(sample).predict(then)["label"]) for sample in samples]
    return float(np.mean(scores))


def _share_between(spent: pd.Series[float], labels: pd.Series[str]) -> float:
    damped = pd.Series(np.log1p(spent.to_numpy()), index=spent.index)
    overall = float(((damped - damped.mean()) ** 2).sum())
    between = float(((damped.groupby(labels).transform("mean") - damped.mean()) ** 2).sum())
    return between / overall if overall else 0.0
