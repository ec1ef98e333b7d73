"""The rows of `activity`: who did what in a conversation, beside what its log tells anyway."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.storage.tables import activity

Row = sa.Row[*tuple[Any, ...]]


def add(connection: sa.Connection, conversation_id: str, deed: str, actor: str, at: datetime, **detail: Any) -> None:
    """Note a deed, in the transaction in which it is done; `detail` holds codes and labels, never personal words."""
    connection.execute(
        activity.insert().values(
            id=new_id(), conversation_id=conversation_id, deed=deed, actor=actor, at=at, detail=detail
        )
    )


def of_conversation(connection: sa.Connection, conversation_id: str) -> Sequence[Row]:
    """Give what was done, in order."""
    return connection.execute(
        sa.select(activity).where(activity.c.conversation_id == conversation_id).order_by(activity.c.at, activity.c.id)
    ).all()
