"""Learning from what the database knows: every model is measured beside its baseline, kept, and made live."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import structlog

from crm_core.errors import InvalidInput
from crm_core.learning.contract import Storable, TooLittleData
from crm_core.learning.progress import Progress, quiet
from crm_core.learning.registry import Artefact, ModelDamaged, Registry
from crm_core.records.scores import TrainedModel
from crm_core.storage import models as model_storage
from crm_core.storage import scores as score_storage
from crm_core.use_cases.context import Context

if TYPE_CHECKING:  # pandas and scikit-learn are loaded by training only, not by every process
    import pandas as pd

    from crm_core.learning.card import Card

FEEDBACK, SEGMENT, PURCHASE_INTENT, RECOMMEND = "feedback", "segment", "purchase_intent", "recommend"
TASKS = (SEGMENT, PURCHASE_INTENT, RECOMMEND, FEEDBACK)
_DEMO_FEEDBACK = ("demo", "feedback.csv")

log = structlog.get_logger(__name__)


class Training:
    """Trains models.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._registry = Registry(context.settings.models)

    def is_trained(self) -> bool:
        """Tell whether the models on disk are those that were trained on this database.

        Feedback is trained last and can always be trained, so it stands for all.
        """
        try:
            version = self._registry.live(FEEDBACK)
        except ModelDamaged:
            return False
        if version is None:
            return False
        with self._context.database.reading() as connection:
            known = model_storage.live(connection).get(FEEDBACK)
        return known is not None and known.version == version

    def train(self, tasks: Sequence[str] | None = None, progress: Progress = quiet) -> list[TrainedModel]:
        """Train tasks one after the other; each is live as soon as it is done.

        Args:
            tasks: Some of `TASKS`; left out, all.
            progress: Told how far it is, in tasks, and which one is at work.

        Returns:
            What came of each; a task with too little to learn from is skipped, and keeps the model it had.

        Raises:
            InvalidInput: No such task.
        """
        chosen = list(dict.fromkeys(tasks or TASKS))
        for task in chosen:
            if task not in TASKS:
                raise InvalidInput("task", task, f"is none of {', '.join(TASKS)}")
        results = []
        for place, task in enumerate(chosen):

            def step(done: float, total: float | None = None, what: str | None = None, base: int = place) -> None:
                progress(base + done / (total or 1), len(chosen), what)

            progress(place, len(chosen), task)
            results.append(self._train(task, step))
        progress(len(chosen), len(chosen))
        return results

    def _train(self, task: str, progress: Progress) -> TrainedModel:
        learners: dict[str, Callable[[Progress], tuple[Storable, Card]]] = {
            FEEDBACK: self._feedback,
            SEGMENT: self._segment,
            PURCHASE_INTENT: self._purchase_intent,
            RECOMMEND: self._recommend,
        }
        try:
            model, card = learners[task](progress)
        except TooLittleData as error:
            log.warning("nothing learned", task=task, reason=str(error))
            return TrainedModel(task, None, skipped=str(error))
        moment = self._context.clock()
        artefact = self._registry.save(model, card, moment)
        self._make_live(artefact, card, model, moment)
        return TrainedModel(
            task=task,
            version=artefact.version,
            algorithm=card.algorithm,
            headline=card.headline,
            metrics=card.metrics,
            baseline=card.baseline,
            baseline_algorithm=card.baseline_algorithm,
            rows=card.rows,
        )

    def _make_live(self, artefact: Artefact, card: Card, model: Storable, moment: datetime) -> None:
        row = {
            "version": artefact.version,
            "task": artefact.task,
            "algorithm": card.algorithm,
            "rows": card.rows,
            "metrics": card.metrics,
            "baseline": card.baseline,
            "sha256": artefact.sha256,
            "trained_at": moment,
        }
        with self._context.database.writing() as connection:
            model_storage.make_live(connection, row)
            score_storage.save_segments(connection, _segment_rows(artefact.version, model))
            self._registry.make_live(artefact)

    def _feedback(self, progress: Progress) -> tuple[Storable, Card]:
        import pandas as pd

        from crm_core.feedback import training
        from crm_core.storage.labelled_feedback import labelled

        with self._context.database.reading() as connection:
            rows = labelled(connection, self._context.keys)
        frame = pd.DataFrame(rows, columns=["text", "language", "category", "sentiment"])
        demo = self._context.settings.data.joinpath(*_DEMO_FEEDBACK)
        if len(frame) < training.LEAST and demo.exists():
            shipped = pd.read_csv(demo, usecols=list(frame.columns), keep_default_na=False)
            frame = pd.concat([frame, shipped], ignore_index=True)
        return training.train(frame, progress)

    def _segment(self, progress: Progress) -> tuple[Storable, Card]:
        from crm_core.segments import training
        from crm_core.storage import features

        until = self._observed_until()
        before = until - timedelta(days=training.HOLD_OUT_DAYS)
        with self._context.database.reading() as connection:
            now = features.sample(connection, until)
            then = features.sample(connection, before)
            later = features.bought_between(connection, before, until)
        return training.train(now, then, later, progress)

    def _purchase_intent(self, progress: Progress) -> tuple[Storable, Card]:
        import pandas as pd

        from crm_core.learning.splits import cutoffs
        from crm_core.purchase_intent import training
        from crm_core.purchase_intent.inputs import WINDOW_DAYS
        from crm_core.storage import features

        window = timedelta(days=WINDOW_DAYS)
        with self._context.database.reading() as connection:
            known = features.observed(connection, self._context.clock())
            laid = cutoffs(known.since, known.until, window, training.SNAPSHOTS) if known else None
            if laid is None:
                raise TooLittleData(f"orders of less than {3 * WINDOW_DAYS} days")
            snapshots = [self._snapshot(connection, moment, window) for moment in (*laid.train, laid.test)]
        return training.train(pd.concat(snapshots), progress)

    def _recommend(self, progress: Progress) -> tuple[Storable, Card]:
        from crm_core.recommend import training
        from crm_core.storage import purchases

        with self._context.database.reading() as connection:
            lines = purchases.lines(connection, self._context.clock())
            catalogue = purchases.catalogue(connection)
        return training.train(lines, catalogue, progress)

    def _observed_until(self) -> datetime:
        from crm_core.storage import features

        with self._context.database.reading() as connection:
            known = features.observed(connection, self._context.clock())
        if known is None:
            raise TooLittleData("no orders")
        return known.until

    @staticmethod
    def _snapshot(connection: Any, moment: datetime, window: timedelta) -> pd.DataFrame:
        from crm_core.storage import features

        frame = features.sample(connection, moment)
        bought = features.bought_between(connection, moment, moment + window)
        return frame.assign(as_of=moment, bought=frame.index.isin(bought.index))


def _segment_rows(version: str, model: Storable) -> list[dict[str, Any]]:
    """Give what the groups look like, for the managers' pages; other models have no groups."""
    return [
        {"model_version": version, "key": each.key, "size": each.size, "profile": each.medians, "rules": each.rules}
        for each in getattr(model, "profiles", ())
    ]
