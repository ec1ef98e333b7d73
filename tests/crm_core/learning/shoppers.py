"""A small invented shop's customers, always the same: regulars, slackers and people who only look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from crm_core.storage.features import COLUMNS

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def shoppers(count: int = 400, seed: int = 7) -> pd.DataFrame:
    """Give raw features of customers; every tenth has never ordered."""
    random = np.random.default_rng(seed)
    keen = random.beta(0.8, 2.0, count)
    tenure = random.uniform(5, 700, count)
    orders = 1 + random.poisson(keen * tenure / 25)
    since = np.minimum(random.exponential(12 + 250 * (1 - keen) ** 2), tenure)
    frame = pd.DataFrame(0.0, index=pd.Index([f"c{n:04}" for n in range(count)], name="customer_id"), columns=COLUMNS)
    recent = random.binomial(orders.astype(int), np.clip(90 / (tenure + 1), 0, 1)) * (since < 90)
    frame = frame.assign(
        days_since_order=since,
        tenure_days=tenure,
        orders=orders.astype(float),
        orders_30=np.minimum(recent, 3).astype(float) * (since < 30),
        orders_90=recent.astype(float),
        orders_365=np.minimum(orders, recent + 5).astype(float),
        spent=orders * random.lognormal(0, 0.3, count),
        products=orders * 1.5,
        items=orders * 2.0,
        views_30=random.poisson(6 * keen).astype(float),
        sessions_30=random.poisson(2 * keen).astype(float),
        days_since_visit=np.where(keen > 0.4, random.exponential(9, count), np.nan),
        currency="USD",
    )
    looking = np.arange(count) % 10 == 0
    frame.loc[looking, ["days_since_order", "tenure_days"]] = np.nan
    frame.loc[looking, ["orders", "orders_30", "orders_90", "orders_365", "spent", "products", "items"]] = 0.0
    return frame


def snapshots(months: int = 4, count: int = 400) -> pd.DataFrame:
    """Give features at the beginning of several windows, with whether each customer bought in it."""
    parts = []
    for month in range(months):
        random = np.random.default_rng(100 + month)
        frame = shoppers(count, seed=7 + month)
        pull = 1.5 - 0.03 * frame["days_since_order"].fillna(120) + 0.35 * frame["orders_90"] + 0.15 * frame["views_30"]
        bought = random.random(count) < 1 / (1 + np.exp(-(pull - 1.5)))
        parts.append(frame.assign(as_of=BEGIN + timedelta(days=30 * month), bought=bought))
    return pd.concat(parts)
