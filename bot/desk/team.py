"""The page of the team: what comes to whom, and for administrators, who works here."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit, add_style
from bot.desk.parts import box, button, chip, text
from crm_core.conversations.skills import SKILLS
from crm_core.language import LANGUAGES
from crm_core.records.people import Role
from crm_core.records.team import Member

PATH = "/desk/team"
_HERE = Path(__file__).parent
_FORM = """(event) => {
  event.preventDefault();
  const data = new FormData(event.target);
  emit(Object.fromEntries([...new Set(data.keys())].map((name) => [name, data.getAll(name)])));
}"""


async def build(visit: Visit, _request: Request) -> None:
    """Build the page."""
    add_style(_HERE / "team.css")
    await TeamPage(visit).draw()


class TeamPage:
    """Everybody who works here, each with a form.

    Args:
        visit: The open page.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        words = visit.words
        with box("team", tag="main"):
            text(words.say("page-assign"), "h1", tag="h1")
            text(words.say("team-note"), "muted", tag="p")
            self._news = text("", "alert", tag="p", role="status")
            if visit.may("staff"):
                self._new()
            self._list = box("team-list", tag="ul")
        self._news.set_visibility(False)

    async def draw(self) -> None:
        """Read who works here and show it."""
        members = await self._visit.read(self._visit.crm.team.members)
        self._list.clear()
        with self._list:
            for member in members:
                self._row(member)

    def _row(self, member: Member) -> None:
        words = self._visit.words
        with box("team-member", tag="li"), box("", tag="form") as form:
            with box("row between"):
                with box("row"):
                    text(member.name, "strong", tag="h2")
                    chip(words.name("role", member.role))
                    box(f"presence-dot presence-{member.presence.value}", title=words.name("presence", member.presence))
                    text(words.say("presence-load", load=member.load, capacity=member.capacity), "num muted small")
                with box("row"):
                    text(words.say("team-save"), "btn btn-small btn-primary", tag="button", type="submit")
                    if self._visit.may("staff") and member.id != self._visit.agent.id:
                        button(words.say("team-remove"), partial(self._remove, member), "btn btn-small")
            with box("team-fields"):
                with box("team-field", tag="label"):
                    text(words.say("team-team"), "small")
                    box("field field-small", tag="input", name="team", value=member.team or "", maxlength="64")
                with box("team-field", tag="label"):
                    text(words.say("team-capacity"), "small")
                    given = {"name": "capacity", "type": "number", "min": "0", "max": "50"}
                    box("field field-small", tag="input", value=str(member.capacity), **given)
                self._boxes("languages", "language", LANGUAGES, member.languages)
                self._boxes("skills", "skill", SKILLS, member.skills)
        form.on("submit", partial(self._save, member), js_handler=_FORM)

    def _boxes(self, name: str, kind: str, values: tuple[str, ...], chosen: tuple[str, ...]) -> None:
        words = self._visit.words
        with box("team-field", tag="fieldset"):
            text(words.say(f"team-{name}"), "small", tag="legend")
            with box("row"):
                for value in values:
                    with box("row nowrap team-box", tag="label"):
                        made = box("", tag="input", type="checkbox", name=name, value=value)
                        if value in chosen:
                            made.props("checked")
                        text(words.name(kind, value))

    def _new(self) -> None:
        words = self._visit.words
        with box("team-new", tag="form", aria_label=words.say("team-new")) as form:
            for name, kind in (("name", "text"), ("email", "email")):
                label = words.say(f"team-{name}")
                box(
                    "field field-small",
                    tag="input",
                    name=name,
                    type=kind,
                    required="",
                    placeholder=label,
                    aria_label=label,
                )
            with box("field field-small", tag="select", name="role", aria_label=words.say("team-role")):
                for role in Role:
                    text(words.name("role", role.value), tag="option", value=role.value)
            text(words.say("team-new"), "btn btn-small btn-primary", tag="button", type="submit")
        form.on("submit", self._create, js_handler=_FORM)

    async def _save(self, member: Member, event: GenericEventArguments) -> None:
        given = dict(event.args)
        done = await self._visit.deed(
            self._set_work,
            member.id,
            team=_one(given, "team"),
            skills=given.get("skills", []),
            languages=given.get("languages", []),
            capacity=int(_one(given, "capacity") or 0),
        )
        if done:
            self._visit.tell("team-saved")
            await self.draw()

    def _set_work(self, agent_id: str, **work: Any) -> bool:
        self._visit.crm.team.set_work(agent_id, actor=self._visit.actor, **work)
        return True

    async def _create(self, event: GenericEventArguments) -> None:
        visit, given = self._visit, dict(event.args)
        email, name, role = (_one(given, field) for field in ("email", "name", "role"))
        made = await visit.deed(visit.crm.staff.create, email, name, role, actor=visit.actor)
        if made is not None:
            agent, password = made
            self._news.set_text(visit.words.say("team-password", name=agent.name, email=agent.email, password=password))
            self._news.set_visibility(True)
            await self.draw()

    async def _remove(self, member: Member) -> None:
        if await self._visit.deed(self._deactivate, member.id):
            await self.draw()

    def _deactivate(self, agent_id: str) -> bool:
        self._visit.crm.staff.set_active(agent_id, False, actor=self._visit.actor)
        self._visit.crm.conversations.release_all(agent_id)
        return True


def _one(given: dict[str, list[str]], name: str) -> str:
    return str((given.get(name) or [""])[0])
