"""Writes the quality log of a run: what was done to which value, and the figures of each field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pandas as pd
import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.intake.chunks import Chunk
from crm_core.intake.issues import ROW, Action, Issue
from crm_core.intake.refining import AT, Refined
from crm_core.intake.report import Rejection
from crm_core.storage import quality
from crm_core.use_cases.importing.originals import Kept
from crm_core.use_cases.importing.writer import Run

_RECORD = {"products": "sku", "orders": "number", "order_items": "number", "feedback": "external_id"}
_NOTHING = ("rows", "kept", "missing_before", "missing_after", "outliers")


class QualityLog:
    """The log of one run.

    Args:
        run: The run.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._fields: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(_NOTHING, 0))

    def add(self, connection: sa.Connection, chunk: Chunk, refined: Refined, kept: Kept, known: set[int]) -> None:
        """Log what was done to the rows of a chunk that came for the first time.

        Args:
            connection: The transaction in which they were written.
            chunk: The rows as they came.
            refined: What was made of them.
            kept: Which of them are new, and whose they are.
            known: Positions of rows whose records were there already.
        """
        records = self._records(refined.frame)
        rows = [
            self._row(connection, line, issue, kept, records.get(issue.at, ""))
            for line, issue in _issues(chunk, refined, kept, known)
        ]
        quality.add_issues(connection, rows)
        self._count(refined, kept)
        figures = [{"import_id": self._run.report.id, "field": name, **row} for name, row in self._fields.items()]
        quality.put_fields(connection, figures)

    def _records(self, frame: pd.DataFrame) -> dict[int, str]:
        """Give by position what the record is known by."""
        name = _RECORD.get(self._run.report.entity)
        if name is None or name not in frame:
            return {}
        return {int(at): str(value) for at, value in zip(frame[AT], frame[name], strict=True) if value is not None}

    def _row(self, connection: sa.Connection, line: int, issue: Issue, kept: Kept, record: str) -> dict[str, Any]:
        owner, key_id = kept.owner(issue.at)
        keys = self._run.context.keys
        return {
            "id": new_id(),
            "import_id": self._run.report.id,
            "customer_id": owner,
            "key_id": key_id,
            "line": line,
            "field": issue.field[:64],
            "check": issue.check,
            "action": issue.action.value,
            "record": record,
            "before_encrypted": keys.seal(connection, key_id, issue.before),
            "after_encrypted": keys.seal(connection, key_id, issue.after) if issue.after is not None else None,
            "undone_at": None,
        }

    def _count(self, refined: Refined, kept: Kept) -> None:
        taken = kept.fresh.copy()
        taken[list(refined.rejections)] = False
        frame = refined.frame[taken[refined.frame[AT].to_numpy(dtype=int)]]
        for name, blank in refined.blank.items():
            figures = self._fields[name]
            figures["rows"] += int(kept.fresh.sum())
            figures["kept"] += len(frame)
            figures["missing_before"] += int((blank & kept.fresh).sum())
            figures["missing_after"] += int(frame[name].isna().sum())
        for issue in refined.issues:
            if issue.action is Action.FLAGGED and taken[issue.at]:
                self._fields[issue.field]["outliers"] += 1


def _issues(chunk: Chunk, refined: Refined, kept: Kept, known: set[int]) -> Iterator[tuple[int, Issue]]:
    """Give what is to be logged, with its line: the first reason of a rejected row, everything of one taken."""
    for at, rejection in refined.rejections.items():
        if kept.fresh[at]:
            yield rejection.line, _rejected(at, rejection)
    if kept.malformed:
        for rejection, _ in chunk.malformed:
            yield rejection.line, _rejected(ROW, rejection)
    for issue in refined.issues:
        if kept.fresh[issue.at] and issue.at not in refined.rejections and issue.at not in known:
            yield int(chunk.lines[issue.at]), issue


def _rejected(at: int, rejection: Rejection) -> Issue:
    return Issue(at, rejection.field, rejection.reason, Action.REJECTED, rejection.value)
