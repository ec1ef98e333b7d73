"""Up to where each part of each source was read."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from crm_core.storage.tables import import_cursors
from crm_core.storage.upsert import upsert


def get(connection: sa.Connection, source: str, entity: str, location: str) -> str:
    """Give the cursor of a part; empty when it was never read."""
    found = connection.scalar(
        sa.select(import_cursors.c.value).where(
            import_cursors.c.source == source,
            import_cursors.c.entity == entity,
            import_cursors.c.location == location,
        )
    )
    return found or ""


def put(connection: sa.Connection, source: str, entity: str, location: str, value: str, at: datetime) -> None:
    """Note up to where a part was read."""
    row = {"source": source, "entity": entity, "location": location, "value": value, "updated_at": at}
    upsert(connection, import_cursors, row, key=("source", "entity", "location"))
