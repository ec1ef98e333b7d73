"""Whether conversations come to me, and who else is there."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable

import structlog
from nicegui import ui
from nicegui.events import GenericEventArguments

from bot.desk.frame import Visit
from bot.desk.lists import SharedReading, read_members
from bot.desk.parts import box, text
from crm_core.errors import RapportError
from crm_core.records.team import Member, Presence

log = structlog.get_logger(__name__)

_desks: Counter[str] = Counter()  # how many desks each agent has open in this process


class PresenceSwitch:
    """The switch in the top bar, with the team behind it.

    Args:
        visit: The open page.
        shared: Reads for all desks what is the same for all.
    """

    def __init__(self, visit: Visit, shared: SharedReading) -> None:
        self._visit = visit
        self._shared = shared
        self._opened = False
        self._members: list[Member] = []
        words = visit.words
        with ui.teleport(".top-right"), box("presence", tag="details") as self._details:
            with box("quiet presence-open", tag="summary"):
                self._dot = box("presence-dot")
                self._word = text("")
            self._details.on("toggle", self._open, js_handler="(event) => emit(event.target.open)")
            with box("presence-list", role="region", aria_label=words.say("presence-team")):
                self._switch = text("", "btn btn-small", tag="button", type="button")
                self._switch.on("click", self._turn, args=[])
                text(words.say("presence-hint"), "muted small", tag="p")
                self._list = box("", tag="ul")
        visit.client.on_connect(self._came)
        visit.client.on_disconnect(self._gone)

    async def refresh(self, *, lately: bool = False) -> None:
        """Note that this desk is open, and show who is there, or was a moment ago."""
        visit = self._visit
        if visit.client.has_socket_connection:  # a page whose line was cut lives on for a while
            await visit.read(visit.crm.team.seen, visit.agent.id)
        await visit.check()
        members = await read_members(self._shared, visit.crm, lately=lately)
        if members != self._members:
            self._members = members
            self._draw()

    @property
    def mine(self) -> Presence:
        """Whether conversations come to this agent."""
        return next((each.presence for each in self._members if each.id == self._visit.agent.id), Presence.AWAY)

    def _draw(self) -> None:
        words = self._visit.words
        self._word.set_text(words.name("presence", self.mine.value))
        self._dot.classes(replace=f"presence-dot presence-{self.mine.value}")
        turned = Presence.AWAY if self.mine is Presence.AVAILABLE else Presence.AVAILABLE
        self._switch.set_text(words.say(f"presence-become-{turned.value}"))
        if self._opened:
            self._draw_team()

    def _open(self, event: GenericEventArguments) -> None:
        """Draw the team when somebody wants to see it: a large one on every desk is much to keep up to date."""
        self._opened = bool(event.args)
        if self._opened:
            self._draw_team()

    def _draw_team(self) -> None:
        words = self._visit.words
        self._list.clear()
        with self._list:
            for member in self._members:
                with box("row between nowrap presence-member", tag="li"):
                    box(f"presence-dot presence-{member.presence.value}")
                    text(member.name, "grow clip")
                    text(words.say("presence-load", load=member.load, capacity=member.capacity), "num muted small")

    async def _turn(self) -> None:
        turned = Presence.AWAY if self.mine is Presence.AVAILABLE else Presence.AVAILABLE
        await self._visit.deed(self._visit.crm.team.set_presence, self._visit.agent.id, turned)
        await self.refresh()

    async def _came(self) -> None:
        _desks[self._visit.agent.id] += 1
        await asyncio.to_thread(_note, self._visit.crm.team.seen, self._visit.agent.id)

    async def _gone(self) -> None:
        """Let nothing more come to an agent whose last desk was closed, or has lost its line."""
        agent_id = self._visit.agent.id
        _desks[agent_id] -= 1
        if _desks[agent_id] <= 0:
            del _desks[agent_id]
            await asyncio.to_thread(_note, self._visit.crm.team.left, agent_id)


def _note(call: Callable[[str], None], agent_id: str) -> None:
    try:
        call(agent_id)
    except RapportError as error:  # the database is away: who is not seen counts as offline after a while in any case
        log.warning("presence_not_noted", error=str(error))
