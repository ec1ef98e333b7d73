"""Members of staff as those who may get a conversation: who is there, what they can, how much they have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.conversations.assignment import Colleague
from crm_core.records.conversations import Owner
from crm_core.records.team import Member, Presence
from crm_core.storage.tables import agents, conversations

_LOAD = (
    sa.select(conversations.c.agent_id, sa.func.count().label("load"))
    .where(
        conversations.c.status == "open",
        conversations.c.owner == Owner.HUMAN.value,
        conversations.c.snoozed_until.is_(None),
    )
    .group_by(conversations.c.agent_id)
    .subquery()
)
_MEMBERS = (
    sa.select(agents, sa.func.coalesce(_LOAD.c.load, 0).label("load"))
    .outerjoin(_LOAD, _LOAD.c.agent_id == agents.c.id)
    .where(agents.c.active)
    .order_by(agents.c.name, agents.c.id)
)


def members(connection: sa.Connection, seen_since: datetime) -> list[Member]:
    """Give everybody who works here.

    Args:
        connection: The transaction.
        seen_since: Whose desk was not open since is offline, whatever they chose.
    """
    return [_member(row, seen_since) for row in connection.execute(_MEMBERS)]


def colleague(member: Member) -> Colleague:
    """See a member as somebody who may get a conversation."""
    return Colleague(
        id=member.id,
        ready=member.presence is Presence.AVAILABLE,
        load=member.load,
        capacity=member.capacity,
        languages=frozenset(member.languages),
        skills=frozenset(member.skills),
        team=member.team,
        assigned_at=member.assigned_at,
    )


def load(connection: sa.Connection, agent_id: str) -> int:
    """Count the conversations that somebody has."""
    return connection.scalar(sa.select(_LOAD.c.load).where(_LOAD.c.agent_id == agent_id)) or 0


def seen(connection: sa.Connection, agent_id: str, at: datetime) -> None:
    """Note that a desk of theirs is open."""
    connection.execute(agents.update().where(agents.c.id == agent_id).values(seen_at=at))


def _member(row: Any, seen_since: datetime) -> Member:
    there = row.seen_at is not None and row.seen_at >= seen_since
    return Member(
        id=row.id,
        name=row.name,
        role=row.role,
        presence=Presence(row.presence) if there else Presence.OFFLINE,
        load=row.load,
        capacity=row.capacity,
        languages=tuple(row.languages),
        skills=tuple(row.skills),
        team=row.team,
        assigned_at=row.assigned_at,
    )
