"""Giving a conversation to a colleague, who is asked first, or to a team."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui import ui

from bot.desk.frame import Visit
from bot.desk.parts import box, button, chip, text
from crm_core.records.team import Member, Presence

Do = Callable[[Callable[[str], object]], Awaitable[bool]]
_TONE = {Presence.AVAILABLE: "good", Presence.AWAY: "warn", Presence.OFFLINE: "plain"}


class Transfer:
    """The dialog.

    Args:
        visit: The open page.
        do: Does something with the shown conversation and tells everybody.
    """

    def __init__(self, visit: Visit, do: Do) -> None:
        self._visit = visit
        self._do = do
        with ui.dialog() as self._dialog, box("drill transfer", role="dialog", aria_modal="true") as self._body:
            pass

    async def open(self) -> None:
        """Show who is there."""
        visit, words = self._visit, self._visit.words
        members = [each for each in await visit.read(visit.crm.team.members) if each.id != visit.agent.id]
        self._body.clear()
        with self._body:
            text(words.say("transfer"), "h2", tag="h2")
            with box("transfer-list", tag="ul"):
                for member in members:
                    self._draw(member)
            for team in sorted({each.team for each in members if each.team}):
                button(words.say("transfer-team", team=team), partial(self._to_team, team), "btn btn-small")
            button(words.say("transfer-cancel"), self._dialog.close, "quiet")
        self._dialog.open()

    def _draw(self, member: Member) -> None:
        words = self._visit.words
        with box("row between nowrap", tag="li"):
            with box("grow"):
                text(member.name, "strong")
                if member.skills:
                    skills = ", ".join(words.name("skill", skill) for skill in member.skills)
                    text(skills, "muted small")
            chip(words.name("presence", member.presence.value), _TONE[member.presence])
            text(words.say("presence-load", load=member.load, capacity=member.capacity), "num muted small")
            if self._visit.may("assign"):
                button(words.say("transfer-assign"), partial(self._assign, member), "btn btn-small")
            if member.is_there:
                button(words.say("transfer-offer"), partial(self._offer, member), "btn btn-small btn-primary")

    async def _offer(self, member: Member) -> None:
        visit = self._visit
        self._dialog.close()
        if await self._do(lambda talk_id: visit.crm.conversations.offer(talk_id, visit.agent.id, member.id)):
            visit.notify(visit.words.say("transfer-offered", name=member.name))

    async def _assign(self, member: Member) -> None:
        visit = self._visit
        self._dialog.close()
        await self._do(lambda talk_id: visit.crm.conversations.assign(talk_id, member.id, actor=visit.actor))

    async def _to_team(self, team: str) -> None:
        visit = self._visit
        self._dialog.close()
        await self._do(lambda talk_id: visit.crm.conversations.send_to_team(talk_id, visit.agent.id, team))
