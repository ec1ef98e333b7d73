"""What was learned of customers, and by which models."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class SegmentView:
    """A customer's group in words."""

    key: str
    name: str
    description: str  # what these customers have in common
    advice: str  # how to treat them
    profile: str | None = None  # the group's typical figures, where they are known


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """What a training came to.

    Attributes:
        task: The capability.
        version: The new version, now live; None when nothing could be learned.
        algorithm: What is served.
        headline: The metric by which the model is judged first.
        metrics: Hold-out figures.
        baseline: The same figures of the naive baseline.
        baseline_algorithm: Name of the baseline.
        rows: What it learned from.
        skipped: Why nothing could be learned; None when something was.
    """

    task: str
    version: str | None
    algorithm: str = ""
    headline: str = ""
    metrics: dict[str, float] = field(default_factory=dict)
    baseline: dict[str, float] = field(default_factory=dict)
    baseline_algorithm: str = ""
    rows: int = 0
    skipped: str | None = None


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One model as the database knows it."""

    version: str
    task: str
    algorithm: str
    status: str  # live | shadow | retired
    rows: int
    metrics: dict[str, Any]
    baseline: dict[str, Any]
    sha256: str
    trained_at: datetime
