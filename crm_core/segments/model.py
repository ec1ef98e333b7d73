"""Groups of customers: the nearest of a few centres on scaled logarithms of recency, frequency, money and tenure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from crm_core.records.people import Reason
from crm_core.segments.inputs import NAMES, Matrix, matrix

_CODES = ("last_order", "order_count", "spending", "tenure")
_REASONS = 2


@dataclass(frozen=True)
class Profile:
    """What a group looks like: its size, its medians and the rules that tell it apart."""

    key: str
    size: int
    medians: dict[str, float]
    rules: list[dict[str, Any]]


@dataclass(frozen=True)
class SegmentModel:
    """Centres with their keys.

    Attributes:
        keys: One a centre.
        centres: One row a centre, in standard deviations.
        means: Of the logarithms.
        spreads: Standard deviations of the logarithms.
        profiles: What each group looks like.
    """

    keys: tuple[str, ...]
    centres: Matrix
    means: Matrix
    spreads: Matrix
    profiles: tuple[Profile, ...] = ()
    algorithm = "k_means"

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give `label` (the group's key), `value` and `reasons`.

        `value` in [0, 1] tells how clearly a customer belongs to the group: 0 at the border to the next one, 1 at the
        centre. The reasons are what sets the customer most apart from the mean customer.
        """
        scaled = self.scale(matrix(frame))
        distances = self.distances(scaled)
        nearest = distances.argmin(axis=1) if len(frame) else np.empty(0, dtype=np.intp)
        ranked = np.sort(distances, axis=1)
        second = ranked[:, 1] if ranked.shape[1] > 1 else np.full(len(frame), np.inf)
        clear = 1 - ranked[:, 0] / np.maximum(second, 1e-12)
        return pd.DataFrame(
            {
                "value": clear,
                "label": pd.Series([self.keys[place] for place in nearest], dtype=object, index=frame.index),
                "reasons": pd.Series(_explain(scaled, frame), dtype=object, index=frame.index),
            },
            index=frame.index,
        )

    def scale(self, logarithms: Matrix) -> Matrix:
        """Give standard deviations from the mean customer."""
        return (logarithms - self.means) / self.spreads

    def distances(self, scaled: Matrix) -> Matrix:
        """Give the distance of each customer to each centre."""
        parts = [np.sqrt(((scaled - centre) ** 2).sum(axis=1)) for centre in self.centres]
        return np.column_stack(parts) if parts else np.empty((len(scaled), 0))

    def save(self, folder: Path) -> None:
        """Write `segments.json` and `segments.npz`."""
        profiles = [
            {"key": each.key, "size": each.size, "medians": each.medians, "rules": each.rules} for each in self.profiles
        ]
        content = {"keys": self.keys, "profiles": profiles}
        (folder / "segments.json").write_text(json.dumps(content, indent=1), "utf-8")
        np.savez(folder / "segments.npz", centres=self.centres, means=self.means, spreads=self.spreads)

    @classmethod
    def load(cls, folder: Path) -> SegmentModel:
        """Read what `save` wrote."""
        content = json.loads((folder / "segments.json").read_text("utf-8"))
        with np.load(folder / "segments.npz", allow_pickle=False) as arrays:
            return cls(
                keys=tuple(content["keys"]),
                centres=arrays["centres"],
                means=arrays["means"],
                spreads=arrays["spreads"],
                profiles=tuple(Profile(**profile) for profile in content["profiles"]),
            )


def _explain(scaled: Matrix, frame: pd.DataFrame) -> list[tuple[Reason, ...]]:
    order = np.argsort(-np.abs(scaled), axis=1)[:, :_REASONS]
    values = frame[list(NAMES)].to_numpy(dtype=float)
    facts = ("days", "orders", "times", "days")
    return [
        tuple(
            Reason(
                _CODES[place],
                round(float(scaled[row, place]), 4),
                {facts[place]: round(values[row, place], 1) if facts[place] == "times" else round(values[row, place])},
            )
            for place in places
        )
        for row, places in enumerate(order)
    ]
