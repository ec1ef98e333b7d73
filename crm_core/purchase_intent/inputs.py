"""What the purchase-intent models look at, made from the raw features of `storage.features`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Matrix = npt.NDArray[np.float64]
WINDOW_DAYS = 30
_LONG_AGO = 1000.0  # days; also stands for "never"
_LOGARITHMIC = (
    *("days_since_order", "days_since_visit", "tenure_days", "orders", "orders_30", "orders_90", "orders_365"),
    *("spent", "spent_90", "products", "items", "views_7", "views_30", "carts_7", "carts_30", "articles_30"),
    *("sessions_30", "complaints_90"),
)
NAMES = (*_LOGARITHMIC, "monthly_rate", "overdue")
"""The columns of the matrix, in order."""


def matrix(frame: pd.DataFrame) -> Matrix:
    """Turn raw features into the models' inputs; what never happened counts as very long ago.

    Args:
        frame: The columns of `storage.features.COLUMNS`; other columns are not looked at.

    Returns:
        One row a customer, one column for each of `NAMES`, all finite.
    """
    table = frame[list(_LOGARITHMIC)].astype(float)
    days = ["days_since_order", "days_since_visit"]
    table[days] = table[days].fillna(_LONG_AGO).clip(upper=_LONG_AGO)
    table = table.fillna(0.0).clip(lower=0.0)
    orders, tenure = table["orders"], table["tenure_days"]
    monthly = orders * WINDOW_DAYS / (tenure + WINDOW_DAYS)
    usual_gap = (tenure + WINDOW_DAYS) / (orders + 1)
    overdue = table["days_since_order"] / usual_gap
    columns = [np.log1p(table[name].to_numpy()) for name in _LOGARITHMIC]
    columns += [monthly.to_numpy(), np.log1p(overdue.to_numpy())]
    return np.column_stack(columns) if len(frame) else np.empty((0, len(NAMES)))
