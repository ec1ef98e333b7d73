"""Where an agent writes: the reply with ready texts, suggestions and files, and the note to colleagues."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from functools import partial

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from bot.desk.company import Company
from bot.desk.frame import Visit
from bot.desk.notes import NoteBox
from bot.desk.overtaken import OvertakenQuestion
from bot.desk.parts import box, button, enable, text
from bot.desk.suggesting import SuggestionBar
from bot.gateway.push import Hub, conversation_topic
from crm_core.clock import new_id
from crm_core.conversations.attachments import TYPES
from crm_core.conversations.canned import unfilled
from crm_core.errors import Overtaken
from crm_core.records.conversations import Conversation

_SEND_ON_ENTER = """(event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  rapportDesk.take((text) => emit(text));
}"""
_SEND_ON_CLICK = "() => rapportDesk.take((text) => emit(text))"
_SEND_FILE = "(event) => rapportDesk.upload(event.target, (kept) => emit(kept))"

Do = Callable[[Callable[[str], object]], Awaitable[bool]]


class Compose:
    """The lower part of the middle column.

    Args:
        visit: The open page.
        hub: Tells the customer that the agent types.
        company: Tells colleagues that the agent writes.
        do: Does something with the shown conversation and tells everybody; tells whether it was done.
        shown_seq: Gives the last message that is shown.
    """

    def __init__(self, visit: Visit, hub: Hub, company: Company, do: Do, shown_seq: Callable[[], int]) -> None:
        self._visit = visit
        self._hub = hub
        self._company = company
        self._do = do
        self._shown_seq = shown_seq
        self._talk: Conversation | None = None
        self._mine = False
        self._begun: dict[str, int] = {}  # where each conversation was when this agent began to write in it
        self._build()
        self._overtaken = OvertakenQuestion(visit)

    def _build(self) -> None:
        words = self._visit.words
        with box("compose"):
            self._suggestions = SuggestionBar(self._visit)
            with box("row between compose-bar"):
                with box("row", role="tablist", aria_label=words.say("compose-kind")):
                    self._kinds = {kind: self._kind(kind) for kind in ("reply", "note")}
                with box("row") as self._helps:
                    self._build_file()
                    ready = button(
                        words.say("compose-canned"), classes="quiet small compose-canned", aria_keyshortcuts="/"
                    )
                    ready.on("click", js_handler="() => rapportPick.begin('.compose-box')")
            self._why_not = text("", "compose-note muted", tag="p")
            with box("row nowrap compose-row") as self._reply_row:
                self._box = box("field compose-box", tag="textarea", rows="1", maxlength="4000", data_pick="/")
                self._box.props["aria-label"] = words.say("desk-compose")
                self._box.props["placeholder"] = words.say("desk-compose-hint")
                self._box.on("keydown", self._send, js_handler=_SEND_ON_ENTER)
                self._box.on("pick", self._pick, js_handler="(event) => emit(event.detail)")
                self._box.on("input", self._type, args=[], throttle=2.0, trailing_events=False)
                self._send_button = button(words.say("desk-send"), classes="btn btn-primary")
                self._send_button.on("click", self._send, js_handler=_SEND_ON_CLICK)
            self._note_box = NoteBox(self._visit, self._add_note)
        self._write_kind("reply")

    def _build_file(self) -> None:
        """Offer to send a file; the button opens the browser's choice of files."""
        choice = "event.target.nextElementSibling.click()"
        button(self._visit.words.say("compose-file"), classes="quiet small").on(
            "click", js_handler=f"(event) => {choice}"
        )
        accepted = ",".join(TYPES)
        hidden = box("compose-file", tag="input", type="file", accept=accepted, tabindex="-1", aria_hidden="true")
        hidden.on("change", self._send_file, js_handler=_SEND_FILE)

    def _kind(self, kind: str) -> Element:
        deed = partial(self._choose_kind, kind)
        return button(
            self._visit.words.say(f"compose-{kind}"), deed, "compose-tab", role="tab", aria_keyshortcuts=kind[0]
        )

    def _choose_kind(self, kind: str) -> None:
        self._write_kind(kind)
        self._visit.script("rapportDesk.focus()")

    def _write_kind(self, kind: str) -> None:
        """Let the agent write to the customer (`reply`) or to colleagues (`note`)."""
        self._is_note = kind == "note"
        for name, tab in self._kinds.items():
            tab.props["aria-selected"] = "true" if name == kind else "false"
        self._reply_row.set_visibility(not self._is_note)
        self._note_box.element.set_visibility(self._is_note)
        self._show_what_fits()

    def _show_what_fits(self) -> None:
        self._why_not.set_visibility(not self._mine and not self._is_note)
        self._helps.set_visibility(self._mine and not self._is_note)

    def begin(self) -> None:
        """Begin with another conversation."""
        self._write_kind("reply")

    def show(self, talk: Conversation, *, mine: bool) -> None:
        """Bring it to how the conversation stands; `mine`: this agent may write to the customer."""
        self._talk, self._mine = talk, mine
        enable(self._box, mine)
        enable(self._send_button, mine)
        why = "closed" if talk.status == "closed" else talk.owner.value
        self._why_not.set_text("" if mine else self._visit.words.say(f"desk-compose-{why}"))
        self._show_what_fits()
        self._suggestions.look(talk, mine=mine)

    async def offer_replies(self) -> None:
        """Tell the browser which ready-made replies a slash offers."""
        assert self._talk is not None
        language = self._talk.language
        replies = await self._visit.read(self._visit.crm.canned_replies.all)
        offered = [{"key": reply.shortcut, "more": reply.text(language)} for reply in replies]
        self._visit.script(f"rapportPick.offer('/', {json.dumps(offered)})")

    async def _pick(self, event: GenericEventArguments) -> None:
        assert self._talk is not None
        fill = self._visit.crm.canned_replies.fill
        words = await self._visit.deed(fill, str(event.args), self._talk.id, actor=self._visit.actor)
        if words is not None:
            self._visit.script(f"rapportPick.fill('.compose-box', {json.dumps(words)})")

    async def _send(self, event: GenericEventArguments) -> None:
        content = str(event.args).strip()
        if empty_places := unfilled(content):
            self._visit.notify(self._visit.words.say("compose-unfilled", places=", ".join(empty_places)), "warning")
            self._visit.script(f"rapportDesk.restore({json.dumps(content)})")
            return
        if content and await self._say(content):
            await self._suggestions.sent(content)
        elif content:
            self._visit.script(f"rapportDesk.restore({json.dumps(content)})")

    async def _say(self, content: str) -> bool:
        """Send something, and ask first where a colleague (or another window) has answered since it was begun."""
        crm, agent = self._visit.crm, self._visit.agent
        assert self._talk is not None
        overtaken: list[str] = []

        def say(talk_id: str, begun: int | None) -> object:
            try:
                return crm.conversations.say(talk_id, agent.id, content, external_id=new_id(), begun_at_seq=begun)
            except Overtaken as error:
                overtaken.append(error.said)
                return error

        begun = self._begun.pop(self._talk.id, self._shown_seq())
        if not await self._do(lambda talk_id: say(talk_id, begun)):
            return False
        if not overtaken:
            return True
        return await self._overtaken.answer(overtaken[0]) and await self._do(lambda talk_id: say(talk_id, None))

    async def _send_file(self, event: GenericEventArguments) -> None:
        """Send a file that the browser has uploaded, or say why it was not taken."""
        kept = event.args or {}
        if not kept.get("id"):
            self._visit.tell("compose-file-refused", "warning")
            return
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.say(talk_id, agent.id, "", attachment_id=str(kept["id"])))

    async def _add_note(self, content: str) -> bool:
        notes, actor = self._visit.crm.notes, self._visit.actor
        return await self._do(lambda talk_id: notes.add(talk_id, content, actor=actor))

    def _type(self, _event: GenericEventArguments) -> None:
        if self._talk is not None and self._mine:
            self._begun.setdefault(self._talk.id, self._shown_seq())
            self._company.writes()
            self._hub.publish(conversation_topic(self._talk.id), {"type": "typing", "author": "agent"})
