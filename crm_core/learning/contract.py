"""The one contract that every model keeps, and its naive baseline too."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from crm_core.errors import RapportError

if TYPE_CHECKING:
    import pandas as pd

SEED = 20261122
"""Everything random in training starts from here, so that the same data give the same model."""

THREADS = 1
"""Training takes no more processor threads than this: it shares the machine with the conversations."""


class TooLittleData(RapportError):
    """A model cannot be learned from what there is; the message says what is missing."""


class Storable(Protocol):
    """What the registry can keep: it writes itself as plain data (JSON, npz, LightGBM text), never as pickle."""

    @property
    def algorithm(self) -> str:
        """How it was learned, in a word."""

    def save(self, folder: Path) -> None:
        """Write the model's files into an existing, empty folder."""


class Model(Storable, Protocol):
    """What `fit(frame)` gives.

    `predict` takes the same columns as `fit` (labels are not needed), leaves the frame as it is and gives a frame
    with the same index and at least `value`; where it applies also `label`, `lower`, `upper` (an interval that
    contains `value`) and `reasons` (a tuple of `Reason`, the strongest first).
    """

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Predict one row for each row of the frame."""
