"""What customers are grouped by: how lately, how often and for how much they bought, and for how long (RFM)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

Matrix = npt.NDArray[np.float64]
NAMES = ("days_since_order", "orders", "spent", "tenure_days")
"""The raw features, in the order of the matrix's columns."""


def matrix(frame: pd.DataFrame) -> Matrix:
    """Give the logarithms of the raw features, one row a customer; skewed counts become comparable.

    Args:
        frame: The columns `NAMES`, of customers with at least one order.
    """
    logarithms: Matrix = np.log1p(frame[list(NAMES)].astype(float).clip(lower=0).to_numpy())
    return logarithms


def buyers(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the customers who have ordered; the others belong to no group."""
    return frame[frame["orders"] > 0]
