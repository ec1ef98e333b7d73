"""Why somebody is likely to buy, or not: the inputs gathered into reasons that can be said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd

from crm_core.purchase_intent.inputs import NAMES, Matrix
from crm_core.records.people import Reason

MOST = 3
_Row = dict[Any, Any]
_INPUTS: dict[str, tuple[str, ...]] = {
    "last_order": ("days_since_order", "overdue"),
    "order_count": ("orders", "orders_365", "monthly_rate"),
    "recent_orders": ("orders_30", "orders_90", "spent_90"),
    "spending": ("spent",),
    "variety": ("products", "items"),
    "tenure": ("tenure_days",),
    "last_visit": ("days_since_visit",),
    "recent_views": ("views_7", "views_30", "sessions_30", "articles_30"),
    "recent_cart": ("carts_7", "carts_30"),
    "complaints": ("complaints_90",),
}
_CODES = tuple(_INPUTS)
_GATHER = np.array([[name in names for names in _INPUTS.values()] for name in NAMES], dtype=np.float64)
_FACTS: dict[str, tuple[str, Callable[[_Row], float]]] = {
    "last_order": ("days", lambda row: row["days_since_order"]),
    "order_count": ("orders", lambda row: row["orders"]),
    "recent_orders": ("orders", lambda row: row["orders_90"]),
    "spending": ("times", lambda row: row["spent"]),
    "variety": ("products", lambda row: row["products"]),
    "tenure": ("days", lambda row: row["tenure_days"]),
    "last_visit": ("days", lambda row: row["days_since_visit"]),
    "recent_views": ("views", lambda row: row["views_30"]),
    "recent_cart": ("carts", lambda row: row["carts_30"]),
    "complaints": ("complaints", lambda row: row["complaints_90"]),
}
_NEVER = {"last_order": "no_order", "tenure": "no_order", "last_visit": "no_visit"}
CODES = (*_CODES, *sorted(set(_NEVER.values())))
"""Every code that may be given; the words are `reason-<code>`."""


def explain(contributions: Matrix, frame: pd.DataFrame) -> list[tuple[Reason, ...]]:
    """Name the strongest reasons of each customer.

    Args:
        contributions: One row a customer, one column for each of `inputs.NAMES`, in log-odds.
        frame: The raw features of the same customers.

    Returns:
        At most three reasons each, the strongest first; a weight above 0 speaks for buying.
    """
    weights = contributions @ _GATHER
    order = np.argsort(-np.abs(weights), axis=1)[:, :MOST]
    rows = frame.to_dict("records")
    return [
        _once(_reason(_CODES[place], float(weights[number, place]), row) for place in order[number])
        for number, row in enumerate(rows)
    ]


def _once(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Keep the first of several reasons with one code: what never happened has several inputs."""
    kept: dict[str, Reason] = {}
    for reason in reasons:
        kept.setdefault(reason.code, reason)
    return tuple(kept.values())


def _reason(code: str, weight: float, row: _Row) -> Reason:
    name, fact = _FACTS[code]
    value = fact(row)
    if code in _NEVER and value != value:  # not a number: it never happened
        return Reason(_NEVER[code], round(weight, 4))
    return Reason(code, round(weight, 4), {name: round(value, 1) if code == "spending" else round(value)})
