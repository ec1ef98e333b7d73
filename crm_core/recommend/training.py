"""Trains the recommender and measures it on each customer's last basket."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from crm_core.learning import metrics
from crm_core.learning.card import Card, Metrics
from crm_core.learning.contract import SEED, TooLittleData
from crm_core.learning.progress import Progress, quiet
from crm_core.recommend.learning import DEFAULT_WEIGHTS, fit
from crm_core.recommend.recommender import TASK, Recommender

LEAST = 100  # purchase lines
_K = 10
_JUDGED = 1000  # customers
_BASELINE = "popularity"
_BLENDS = {
    "item_based": DEFAULT_WEIGHTS,
    "item_based_alone": {"together": 1.0, "content": 0.0, "popular": 0.0},
    "item_based_popular": {"together": 1.0, "content": 0.1, "popular": 0.5},
    "content_popular": {"together": 0.0, "content": 1.0, "popular": 0.1},
    _BASELINE: {"together": 0.0, "content": 0.0, "popular": 1.0},
}


@dataclass(frozen=True)
class Case:
    """One customer's past and what was new in the basket after it."""

    past: list[str]  # newest first
    wanted: list[str]


def train(lines: pd.DataFrame, products: pd.DataFrame, progress: Progress = quiet) -> tuple[Recommender, Card]:
    """Choose the blend on the last basket but one, measure it on the last, then learn from everything.

    Args:
        lines: As for `fit`.
        products: As for `fit`.
        progress: Told how far it is.

    Raises:
        TooLittleData: There are too few purchases, or no customer who came back for something new.
    """
    if len(lines) < LEAST:
        raise TooLittleData(f"{len(lines)} purchases; at least {LEAST} are needed")
    progress(0, 3, TASK)
    earlier, tested = leave_last_basket_out(lines)
    before_that, tried = leave_last_basket_out(earlier)
    if not tested or not tried:
        raise TooLittleData("no customer came back often enough for something new")
    blends = evaluate_blends(fit(before_that, products), tried)
    best = max((name for name in _BLENDS if name != _BASELINE), key=lambda name: blends[name][f"ndcg_at_{_K}"])
    progress(1, 3, TASK)
    results = evaluate_blends(fit(earlier, products), tested)
    progress(2, 3, TASK)
    served = fit(lines, products).weighted(_BLENDS[best], best)
    progress(3, 3, TASK)
    card = Card(
        task=TASK,
        algorithm=best,
        rows=len(lines),
        split="time",
        headline=f"ndcg_at_{_K}",
        metrics=results[best],
        baseline=results[_BASELINE],
        baseline_algorithm=_BASELINE,
        candidates={name: figures for name, figures in results.items() if name != _BASELINE},
        data={"products": len(products), "customers": lines["customer"].nunique(), "judged": len(tested)},
    )
    return served, card


def leave_last_basket_out(lines: pd.DataFrame) -> tuple[pd.DataFrame, list[Case]]:
    """Take each customer's last basket away.

    Customers with one basket keep it: there would be nothing to recommend from.

    Returns:
        The remaining lines, and the cases: what in the last basket the customer had not bought before.
    """
    ordered = lines.sort_values("at", kind="stable")
    last = ordered.groupby("customer")["order"].transform("last")
    several = ordered.groupby("customer")["order"].transform("nunique") > 1
    held_out = (ordered["order"] == last) & several
    rest, taken = ordered[~held_out], ordered[held_out]
    customers = taken["customer"].drop_duplicates()
    chosen = customers.sample(min(_JUDGED, len(customers)), random_state=SEED)
    pasts = rest[rest["customer"].isin(chosen)].groupby("customer")["sku"].agg(list)
    baskets = taken[taken["customer"].isin(chosen)].groupby("customer")["sku"].agg(list)
    cases = []
    for customer, basket in baskets.items():
        past = list(dict.fromkeys(reversed(pasts[str(customer)])))
        wanted = sorted(set(basket) - set(past))
        if wanted:
            cases.append(Case(past, wanted))
    return rest, cases


def evaluate_blends(recommender: Recommender, cases: list[Case]) -> dict[str, Metrics]:
    """Measure every blend, the popularity baseline among them."""
    return {name: evaluate(recommender.weighted(weights, name), cases) for name, weights in _BLENDS.items()}


def evaluate(recommender: Recommender, cases: list[Case]) -> Metrics:
    """Measure the first ten products named for each case, what was bought before left out."""
    recall, gain = 0.0, 0.0
    for case in cases:
        ranked = [item[0] for item in recommender.rank(case.past, limit=_K, exclude=case.past)]
        recall += metrics.recall_at(ranked, case.wanted, _K)
        gain += metrics.ndcg_at(ranked, case.wanted, _K)
    return {f"recall_at_{_K}": recall / len(cases), f"ndcg_at_{_K}": gain / len(cases)}
