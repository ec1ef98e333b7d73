"""The naive baseline of the groups: fixed cells of recency and frequency."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from crm_core.records.people import Reason


@dataclass(frozen=True)
class RfmRule:
    """The naive baseline: thirds of recency and of frequency, nine cells given to the keys by a fixed table."""

    recency: tuple[float, float]
    frequency: tuple[float, float]
    algorithm = "rfm_rule"
    _TABLE = (  # rows: lately, a while ago, long ago; columns: seldom, sometimes, often
        ("new", "promising", "champions"),
        ("promising", "promising", "loyal"),
        ("one_time", "sleeping", "at_risk"),
    )

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> RfmRule:
        """Take the thirds of the customers who have ordered."""

        def thirds(name: str) -> tuple[float, float]:
            values = frame[name].astype(float)
            return float(values.quantile(1 / 3)), float(values.quantile(2 / 3))

        return cls(thirds("days_since_order"), thirds("orders"))

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give `label`, `value` (always 1: a rule has no doubt) and `reasons`."""
        rows = np.searchsorted(self.recency, frame["days_since_order"].to_numpy(dtype=float))
        columns = np.searchsorted(self.frequency, frame["orders"].to_numpy(dtype=float), side="right")
        reasons = [(Reason("order_count", 1.0, {"orders": round(count)}),) for count in frame["orders"]]
        labels = [self._TABLE[row][column] for row, column in zip(rows, columns, strict=True)]
        return pd.DataFrame(
            {
                "value": np.ones(len(frame)),
                "label": pd.Series(labels, dtype=object, index=frame.index),
                "reasons": pd.Series(reasons, dtype=object, index=frame.index),
            },
            index=frame.index,
        )

    def save(self, folder: Path) -> None:
        """Write `rfm_rule.json`."""
        (folder / "rfm_rule.json").write_text(json.dumps([self.recency, self.frequency]), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> RfmRule:
        """Read what `save` wrote."""
        recency, frequency = json.loads((folder / "rfm_rule.json").read_text("utf-8"))
        return cls(tuple(recency), tuple(frequency))
