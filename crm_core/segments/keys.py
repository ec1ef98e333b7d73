"""Which cluster bears which name: every key at most once, the closest fit over all clusters together.

Each key is an ideal place in standard deviations from the mean customer: days since the last order, orders, money and
tenure, all as logarithms. The assignment is the cheapest one (Kuhn 1955).
"""

from __future__ import annotations

import numpy as np

from crm_core.segments.inputs import Matrix

IDEALS: dict[str, tuple[float, float, float, float]] = {
    "champions": (-1.0, 1.5, 1.5, 0.7),
    "loyal": (-0.5, 0.7, 0.6, 0.6),
    "promising": (-0.6, -0.2, -0.1, -0.5),
    "new": (-0.8, -1.1, -0.9, -1.5),
    "at_risk": (0.5, 0.9, 0.9, 0.7),
    "sleeping": (1.0, -0.2, -0.2, 0.5),
    "one_time": (0.9, -1.2, -1.0, 0.2),
}
KEYS = tuple(IDEALS)
_ONCE = 1.5
VALUE_ORDER = ("champions", "loyal", "promising", "at_risk", "new", "sleeping", "one_time")
"""By what is expected of the next months, best first; set beforehand, never read from results."""


def name_clusters(centres: Matrix, usual_orders: Matrix | None = None) -> tuple[str, ...]:
    """Give each cluster a key.

    Args:
        centres: One row a cluster, in standard deviations from the mean customer; at most as many as there are keys.
        usual_orders: The median number of orders of each cluster: whoever ordered once is called a one-time buyer, and
            nobody else is, as far as both keys are not taken.
    """
    from scipy.optimize import linear_sum_assignment

    ideals = np.array(list(IDEALS.values()))
    distances = ((centres[:, None, :] - ideals[None, :, :]) ** 2).sum(axis=2)
    rows, columns = linear_sum_assignment(distances)
    names = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    keys = [KEYS[names[row]] for row in range(len(centres))]
    for row, orders in enumerate(usual_orders if usual_orders is not None else ()):
        truer = "one_time" if orders < _ONCE else "sleeping"
        if keys[row] in ("one_time", "sleeping") and truer not in keys:
            keys[row] = truer
    return tuple(keys)
