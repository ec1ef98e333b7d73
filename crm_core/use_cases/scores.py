"""What the models say of customers: written by batches, read in conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crm_core.clock import new_id
from crm_core.errors import ModelNotTrained
from crm_core.learning.progress import Progress, quiet
from crm_core.learning.registry import Artefact, ModelDamaged, Registry
from crm_core.phrases import crm_phrases
from crm_core.records.people import Score
from crm_core.records.scores import ModelVersion, SegmentView
from crm_core.storage import models as model_storage
from crm_core.storage import scores as storage
from crm_core.use_cases.context import Context

if TYPE_CHECKING:
    import pandas as pd

    Predict = Callable[[pd.DataFrame], pd.DataFrame]

__all__ = ["Scores", "SegmentView"]

SEGMENT = "segment"
PURCHASE_INTENT = "purchase_intent"
_ROWS = 1000  # written at once


class Scores:
    """Segments and purchase intents of customers.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._registry = Registry(context.settings.models)

    def current(self, customer_id: str) -> dict[str, Score]:
        """Give a customer's newest score of each task; empty for somebody new or somebody who refuses profiling."""
        with self._context.database.reading() as connection:
            return storage.current(connection, customer_id)

    def segment(self, customer_id: str, language: str) -> SegmentView | None:
        """Give a customer's group in words, or None for somebody who is in none."""
        with self._context.database.reading() as connection:
            score = storage.current(connection, customer_id).get(SEGMENT)
            if score is None or score.label is None:
                return None
            profile = storage.segment_profile(connection, score.model_version, score.label)
        return _view(score.label, profile, language)

    def used(self, score: Score, conversation_id: str | None, purpose: str) -> None:
        """Log that a score changed what was said or offered.

        Args:
            score: The score.
            conversation_id: Where.
            purpose: What it changed, e.g. `greeting`.
        """
        with self._context.database.writing() as connection:
            storage.use(connection, score.id, conversation_id, purpose, self._context.clock())

    def models(self) -> list[ModelVersion]:
        """Give every model that was trained, newest first."""
        with self._context.database.reading() as connection:
            return model_storage.every(connection)

    def score_all(self, progress: Progress = quiet) -> dict[str, int]:
        """Score every customer of whom anything is known, as of the end of what is known of orders.

        Customers are read and written batch by batch, so memory does not grow with their number; a task without a
        model is left out.

        Args:
            progress: Told how far it is, in customers.

        Returns:
            How many customers were scored, by task.

        Raises:
            ModelNotTrained: There is no model for any task.
            ModelDamaged: A model is not the one that was trained here.
        """
        from crm_core.storage import features  # pandas is loaded by batch work only, not by every process

        predictors = self._predictors()
        if not predictors:
            raise ModelNotTrained(f"no model in {self._context.settings.models}: run `rapport train`")
        counts = dict.fromkeys(predictors, 0)
        with self._context.database.reading() as connection:
            known = features.observed(connection, self._context.clock())
            total = features.customer_count(connection)
        as_of = known.until if known else self._context.clock()
        done = 0
        for frame in self._batches(as_of):
            for task, (version, predict) in predictors.items():
                rows = _rows(predict(frame), task, version, as_of)
                self._write(rows)
                counts[task] += len(rows)
            done += features.BATCH
            progress(min(done, total), total)
        return counts

    def _batches(self, as_of: datetime) -> Iterator[pd.DataFrame]:
        """Read batches, each in a transaction of its own: none stays open while scores are written."""
        from crm_core.storage import features

        after: str | None = None
        while True:
            with self._context.database.reading() as connection:
                batch = features.next_frame(connection, as_of, after)
            if batch is None:
                return
            after, frame = batch
            yield frame

    def _predictors(self) -> dict[str, tuple[str, Predict]]:
        """Give (version, predict) of each score task that has a live model."""
        from crm_core.purchase_intent import model as purchase_intent
        from crm_core.segments import inputs, model, training

        found: dict[str, tuple[str, Predict]] = {}
        artefact = self._open(training.TASK)
        if artefact:
            segments = model.SegmentModel.load(artefact.folder)
            found[SEGMENT] = artefact.version, lambda frame: segments.predict(inputs.buyers(frame))
        artefact = self._open(purchase_intent.TASK)
        if artefact:
            found[PURCHASE_INTENT] = artefact.version, purchase_intent.PurchaseIntent.load(artefact.folder).predict
        return found

    def _open(self, task: str) -> Artefact | None:
        """Open the live model of a task, if it is the one that the database knows."""
        if self._registry.live(task) is None:
            return None
        artefact = self._registry.open(task)
        with self._context.database.reading() as connection:
            known = model_storage.live(connection).get(task)
        if known is not None and known.version == artefact.version and known.sha256 != artefact.sha256:
            raise ModelDamaged(f"{artefact.folder} is not the model that was trained: run `rapport train {task}`")
        return artefact

    def _write(self, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), _ROWS):
            with self._context.database.writing() as connection:
                storage.save(connection, rows[start : start + _ROWS])


def _rows(said: pd.DataFrame, task: str, version: str, as_of: datetime) -> list[dict[str, Any]]:
    bounds = "lower" in said
    return [
        {
            "id": new_id(),
            "customer_id": str(customer_id),
            "task": task,
            "value": float(row["value"]),
            "lower": float(row["lower"]) if bounds else None,
            "upper": float(row["upper"]) if bounds else None,
            "label": row["label"],
            "reasons": [{"code": each.code, "weight": each.weight, "values": each.values} for each in row["reasons"]],
            "model_version": version,
            "as_of": as_of,
        }
        for customer_id, row in zip(said.index, said.to_dict("records"), strict=True)
    ]


def _view(key: str, profile: dict[str, Any] | None, language: str) -> SegmentView:
    def say(part: str) -> str:
        return crm_phrases.say(language, f"segment-{key}-{part}")

    return SegmentView(key, say("name"), say("description"), say("advice"), _profile(profile, language))


def _profile(profile: dict[str, Any] | None, language: str) -> str | None:
    if not profile:
        return None
    return crm_phrases.say(
        language,
        "segment-profile",
        orders=round(profile["orders"]),
        days=round(profile["days_since_order"]),
        times=round(profile["spent"], 1),
    )
