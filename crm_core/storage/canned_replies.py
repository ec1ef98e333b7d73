"""The rows of `canned_replies`; a deleted one stays as a row, so that loading what we ship does not bring it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.desk import CannedReply
from crm_core.storage.tables import canned_replies
from crm_core.storage.upsert import insert_or_ignore, upsert

_KEPT = canned_replies.c.deleted_at.is_(None)


def everything(connection: sa.Connection) -> list[CannedReply]:
    """Give all replies by shortcut."""
    rows = connection.execute(sa.select(canned_replies).where(_KEPT).order_by(canned_replies.c.shortcut))
    return [_record(row) for row in rows]


def by_shortcut(connection: sa.Connection, shortcut: str) -> CannedReply | None:
    """Give a reply."""
    row = connection.execute(
        sa.select(canned_replies).where(canned_replies.c.shortcut == shortcut, _KEPT)
    ).one_or_none()
    return None if row is None else _record(row)


def save(connection: sa.Connection, shortcut: str, texts: Mapping[str, str], actor: str, at: datetime) -> None:
    """Write a reply, new or changed."""
    upsert(connection, canned_replies, _values(shortcut, texts, actor, at), key=["shortcut"])


def add_new(connection: sa.Connection, found: Mapping[str, Mapping[str, str]], actor: str, at: datetime) -> int:
    """Write the replies whose shortcuts were never there, and give how many that were."""
    rows: Sequence[dict[str, Any]] = [_values(shortcut, texts, actor, at) for shortcut, texts in found.items()]
    return insert_or_ignore(connection, canned_replies, rows)


def delete(connection: sa.Connection, shortcut: str, actor: str, at: datetime) -> int:
    """Take a reply away; give how many rows that concerned."""
    return connection.execute(
        canned_replies.update()
        .where(canned_replies.c.shortcut == shortcut, _KEPT)
        .values(deleted_at=at, changed_by=actor, changed_at=at)
    ).rowcount


def _values(shortcut: str, texts: Mapping[str, str], actor: str, at: datetime) -> dict[str, Any]:
    return {"shortcut": shortcut, "texts": dict(texts), "changed_by": actor, "changed_at": at, "deleted_at": None}


def _record(row: Any) -> CannedReply:
    return CannedReply(row.shortcut, row.texts, row.changed_by, row.changed_at)
