"""The people who answer customers: who is there, what they can, how much they have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES
from crm_core.privacy import rights
from crm_core.records.people import Actor
from crm_core.records.team import Member, Presence
from crm_core.storage import staff
from crm_core.storage import team as rows
from crm_core.use_cases.context import Context

THERE = timedelta(seconds=45)  # whose desk was not seen for so long is offline
_MOST = 50  # conversations at once


class Team:
    """Presence, capacity and what each one knows.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def members(self) -> list[Member]:
        """Give everybody who works here, by name."""
        with self._context.database.reading() as connection:
            return rows.members(connection, self._context.clock() - THERE)

    def seen(self, agent_id: str) -> None:
        """Note that an agent's desk is open."""
        with self._context.database.writing(durable=False) as connection:
            rows.seen(connection, agent_id, self._context.clock())

    def left(self, agent_id: str) -> None:
        """Note that an agent's last desk was closed: nothing more comes to them."""
        with self._context.database.writing(durable=False) as connection:
            rows.seen(connection, agent_id, self._context.clock() - THERE - THERE)

    def set_presence(self, agent_id: str, presence: Presence | str) -> None:
        """Let conversations come to somebody, or not.

        Raises:
            InvalidInput: It is neither available nor away.
            AgentNotFound: There is no such person.
        """
        if presence not in (Presence.AVAILABLE, Presence.AWAY):
            raise InvalidInput("presence", presence, "is neither available nor away")
        at = self._context.clock()
        with self._context.database.writing() as connection:
            staff.change(connection, agent_id, presence=str(presence), seen_at=at)

    def set_work(
        self,
        agent_id: str,
        *,
        team: str | None,
        skills: Sequence[str],
        languages: Sequence[str],
        capacity: int,
        actor: Actor,
    ) -> None:
        """Set what comes to somebody.

        Args:
            agent_id: Who.
            team: Theirs, by name; None: no team.
            skills: What they know more of than others; see `conversations.skills`.
            languages: In which they answer.
            capacity: How many conversations they can have at once.
            actor: Who sets it.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: A value cannot be used.
            AgentNotFound: There is no such person.
        """
        rights.check(actor, "assign")
        if not 0 <= capacity <= _MOST:
            raise InvalidInput("capacity", capacity, f"is not between 0 and {_MOST}")
        if unknown := set(languages) - set(LANGUAGES):
            raise InvalidInput("languages", ", ".join(sorted(unknown)), f"is not one of {', '.join(LANGUAGES)}")
        values = {"team": (team or "").strip() or None, "skills": sorted({*skills}), "languages": sorted({*languages})}
        with self._context.database.writing() as connection:
            staff.change(connection, agent_id, capacity=capacity, **values)
