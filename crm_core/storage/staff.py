"""The rows of `agents`: the people who work here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.errors import AgentNotFound
from crm_core.records.people import Agent, Role
from crm_core.storage.tables import agents
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]


def record(row: Row) -> Agent:
    """Give a row as an agent."""
    return Agent(row.id, row.email, row.name, Role(row.role), row.language, row.active)


def insert(connection: sa.Connection, values: dict[str, Any]) -> bool:
    """Add a person; False where the e-mail address is taken."""
    return insert_or_ignore(connection, agents, values) == 1


def by_email(connection: sa.Connection, email: str) -> Row | None:
    """Give the person with an e-mail address in its one spelling."""
    return connection.execute(sa.select(agents).where(agents.c.email == email)).one_or_none()


def by_id(connection: sa.Connection, agent_id: str) -> Row:
    """Give a person.

    Raises:
        AgentNotFound: There is none.
    """
    row = connection.execute(sa.select(agents).where(agents.c.id == agent_id)).one_or_none()
    if row is None:
        raise AgentNotFound(agent_id)
    return row


def active_by_id(connection: sa.Connection, agent_id: str) -> Agent:
    """Give a person who works here now.

    Raises:
        AgentNotFound: There is none.
    """
    agent = record(by_id(connection, agent_id))
    if not agent.active:
        raise AgentNotFound(agent_id)
    return agent


def everybody(connection: sa.Connection) -> Sequence[Row]:
    """Give all who work or worked here, by name."""
    return connection.execute(sa.select(agents).order_by(agents.c.name, agents.c.id)).all()


def is_anybody(connection: sa.Connection) -> bool:
    """Tell whether there is anybody at all."""
    return connection.scalar(sa.select(agents.c.id).limit(1)) is not None


def change(connection: sa.Connection, agent_id: str, **values: Any) -> None:
    """Set columns of a person.

    Raises:
        AgentNotFound: There is none.
    """
    if not connection.execute(agents.update().where(agents.c.id == agent_id).values(**values)).rowcount:
        raise AgentNotFound(agent_id)


def signed_in(connection: sa.Connection, agent_id: str, at: datetime) -> None:
    """Note when a person signed in."""
    change(connection, agent_id, last_sign_in_at=at)
