"""Which models there are, as the database knows them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.records.scores import ModelVersion
from crm_core.storage.tables import model_versions
from crm_core.storage.upsert import upsert


def make_live(connection: sa.Connection, row: dict[str, Any]) -> None:
    """Write a model as the live one of its task; the one that was live until now is retired."""
    connection.execute(
        model_versions.update()
        .where(
            model_versions.c.task == row["task"],
            model_versions.c.status == "live",
            model_versions.c.version != row["version"],
        )
        .values(status="retired")
    )
    upsert(connection, model_versions, {**row, "status": "live"}, key=("version",))


def live(connection: sa.Connection) -> dict[str, ModelVersion]:
    """Give the live model of each task."""
    query = sa.select(model_versions).where(model_versions.c.status == "live")
    return {row["task"]: ModelVersion(**row) for row in connection.execute(query).mappings()}


def every(connection: sa.Connection) -> list[ModelVersion]:
    """Give every model, newest first."""
    query = sa.select(model_versions).order_by(model_versions.c.trained_at.desc(), model_versions.c.version.desc())
    return [ModelVersion(**row) for row in connection.execute(query).mappings()]
