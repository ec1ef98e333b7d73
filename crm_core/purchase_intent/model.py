"""The chance that a customer buys within the next 30 days."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from crm_core.learning.registry import Artefact
from crm_core.purchase_intent.calibration import Calibrator, Values, calibrator_from_json, interval
from crm_core.purchase_intent.inputs import WINDOW_DAYS, matrix
from crm_core.purchase_intent.reasons import explain
from crm_core.purchase_intent.scorers import LOADERS, Scorer
from crm_core.records.people import Reason

TASK = "purchase_intent"
LEVELS = ("low", "medium", "high")
_HIGH_ODDS = 2.5


@dataclass(frozen=True)
class Levels:
    """From which probability an intent is called medium or high.

    Medium begins at the share of customers who buy in an ordinary window, high where the odds are two and a half times
    those; so the words keep their meaning in a shop where nearly everybody buys and in one where hardly anybody does.
    """

    medium: float
    high: float

    @classmethod
    def around(cls, share: float) -> Levels:
        """Set the levels by the share of customers who buy in an ordinary window."""
        odds = _HIGH_ODDS * share / max(1 - share, 1e-9)
        return cls(share, odds / (1 + odds))

    def label(self, probability: Values) -> list[str]:
        """Name each probability."""
        return [LEVELS[int(level)] for level in (probability >= self.medium).astype(int) + (probability >= self.high)]


@dataclass(frozen=True)
class PurchaseIntent:
    """A scorer with its calibration.

    Attributes:
        scorer: Gives log-odds.
        calibrator: Makes them probabilities.
        levels: Names them.
        rows: How many customers the calibration was fitted on; the interval is wider with fewer.
    """

    scorer: Scorer
    calibrator: Calibrator
    levels: Levels
    rows: int

    @property
    def algorithm(self) -> str:
        """Name the family and the kind of calibration."""
        return f"{self.scorer.algorithm} + {self.calibrator.kind}"

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give `value` (probability), `lower`, `upper` (90 % interval), `label` and `reasons`."""
        parts = self.scorer.contributions(matrix(frame))
        value = self.calibrator.probabilities(parts.sum(axis=1))
        lower, upper = interval(value, self.rows)
        return pd.DataFrame(
            {
                "value": value,
                "lower": lower,
                "upper": upper,
                "label": pd.Series(self.levels.label(value), dtype=object, index=frame.index),
                "reasons": pd.Series(explain(parts[:, :-1], frame), dtype=object, index=frame.index),
            },
            index=frame.index,
        )

    def save(self, folder: Path) -> None:
        """Write `intent.json` and the scorer's file."""
        values = {
            "scorer": self.scorer.algorithm,
            "calibrator": self.calibrator.as_json(),
            "medium": self.levels.medium,
            "high": self.levels.high,
            "rows": self.rows,
        }
        (folder / "intent.json").write_text(json.dumps(values), "utf-8")
        self.scorer.save(folder)

    @classmethod
    def load(cls, folder: Path) -> PurchaseIntent:
        """Read what `save` wrote."""
        values = json.loads((folder / "intent.json").read_text("utf-8"))
        return cls(
            scorer=LOADERS[values["scorer"]](folder),
            calibrator=calibrator_from_json(values["calibrator"]),
            levels=Levels(values["medium"], values["high"]),
            rows=values["rows"],
        )


class SameRate:
    """The naive baseline: everybody goes on buying as often as before (a Poisson rate with one window's prior)."""

    algorithm = "same_rate"

    def __init__(self, share: float) -> None:
        self._share = share  # of customers who buy in an ordinary window

    @classmethod
    def fit(cls, frame: pd.DataFrame) -> SameRate:
        """Take the share of buyers from the column `bought`."""
        return cls(float(frame["bought"].mean()))

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give `value`, `lower`, `upper`, `label` and `reasons`; the interval is the value itself."""
        prior = -np.log(max(1 - self._share, 1e-9))
        windows = frame["tenure_days"].astype(float).fillna(0.0) / WINDOW_DAYS
        rate = (frame["orders"].astype(float) + prior) / (windows + 1)
        value = (1 - np.exp(-rate)).clip(0, 1)
        reasons = [(Reason("order_count", 1.0, {"orders": round(count)}),) for count in frame["orders"]]
        return pd.DataFrame(
            {
                "value": value,
                "lower": value,
                "upper": value,
                "label": pd.Series(Levels.around(self._share).label(value.to_numpy()), dtype=object, index=frame.index),
                "reasons": pd.Series(reasons, dtype=object, index=frame.index),
            },
            index=frame.index,
        )

    def save(self, folder: Path) -> None:
        """Write `same_rate.json`."""
        (folder / "same_rate.json").write_text(json.dumps({"share": self._share}), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> SameRate:
        """Read what `save` wrote."""
        return cls(json.loads((folder / "same_rate.json").read_text("utf-8"))["share"])


def open_model(artefact: Artefact) -> PurchaseIntent:
    """Read the model of a checked artefact."""
    return PurchaseIntent.load(artefact.folder)
