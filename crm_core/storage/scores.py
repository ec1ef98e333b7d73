"""Scores of customers: written in batches, read one customer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.people import Reason, Score
from crm_core.storage import persons
from crm_core.storage.profiling import refuses_profiling
from crm_core.storage.tables import score_uses, scores, segments
from crm_core.storage.upsert import insert_or_ignore, upsert

KEY = ("customer_id", "task", "model_version", "as_of")


def save(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write scores; the same customer, task, model and moment again replaces the earlier one."""
    upsert(connection, scores, rows, key=KEY)


def current(connection: sa.Connection, customer_id: str) -> dict[str, Score]:
    """Give the newest score of each task; nothing for a customer who refuses profiling."""
    found = connection.execute(_CURRENT, {"customer_id": customer_id})
    return {row["task"]: _score(row) for row in found.mappings()}


def use(connection: sa.Connection, score_id: str, conversation_id: str | None, purpose: str, moment: datetime) -> None:
    """Log that a score changed something."""
    connection.execute(
        score_uses.insert().values(
            id=new_id(), score_id=score_id, conversation_id=conversation_id, purpose=purpose, used_at=moment
        )
    )


def save_segments(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write what the groups of a model version look like; what is known of a version never changes."""
    insert_or_ignore(connection, segments, rows)


def segment_profile(connection: sa.Connection, model_version: str, key: str) -> dict[str, Any] | None:
    """Give the medians of a group."""
    query = sa.select(segments.c.profile).where(segments.c.model_version == model_version, segments.c.key == key)
    profile: dict[str, Any] | None = connection.scalar(query)
    return profile


def _score(row: sa.RowMapping) -> Score:
    return Score(
        id=row["id"],
        task=row["task"],
        value=row["value"],
        label=row["label"],
        lower=row["lower"],
        upper=row["upper"],
        reasons=tuple(Reason(each["code"], each["weight"], each["values"]) for each in row["reasons"]),
        model_version=row["model_version"],
        as_of=row["as_of"],
    )


def _newest_of_each_task() -> sa.Select[Any]:
    asked = sa.bindparam("customer_id", type_=scores.c.customer_id.type)
    first = persons.survivor(asked)  # scores are of people, whichever of their records is asked for
    newest = (
        sa.select(scores.c.task, sa.func.max(scores.c.as_of).label("as_of"))
        .where(scores.c.customer_id == first, ~refuses_profiling(scores.c.customer_id))
        .group_by(scores.c.task)
        .subquery()
    )
    return (
        sa.select(scores)
        .join(newest, sa.and_(newest.c.task == scores.c.task, newest.c.as_of == scores.c.as_of))
        .where(scores.c.customer_id == first)
        .order_by(scores.c.model_version, scores.c.id)
    )


_CURRENT = _newest_of_each_task()  # put together once: it runs in every turn
