"""The middle column: the live conversation, what may be done with it, and the box to write in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from bot.desk.company import Company
from bot.desk.frame import Visit
from bot.desk.labels import LabelsBar
from bot.desk.lines import draw_line
from bot.desk.notes import NoteBox, draw_note
from bot.desk.overtaken import OvertakenQuestion
from bot.desk.parts import box, button, chip, empty, enable, text
from bot.desk.receipts import Receipts
from bot.desk.suggesting import SuggestionBar
from bot.desk.transfer import Transfer
from bot.desk.views import Talk, read_talk
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from crm_core.clock import new_id
from crm_core.conversations.canned import unfilled
from crm_core.errors import Overtaken
from crm_core.records.conversations import Author, Message, Owner

_PAGE = 500
_OWNER_TONE = {Owner.BOT: "bot", Owner.QUEUE: "warn", Owner.HUMAN: "accent"}
_SEND_ON_ENTER = """(event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  rapportDesk.take((text) => emit(text));
}"""
_SEND_ON_CLICK = "() => rapportDesk.take((text) => emit(text))"

Changed = Callable[[], Awaitable[None]]


class TalkColumn:
    """The middle column.

    Args:
        visit: The open page.
        hub: Tells the customer's side and the other desks what was done here.
        now: Gives the present moment.
        changed: Called after a deed of this agent.
    """

    def __init__(self, visit: Visit, hub: Hub, now: Callable[[], datetime], changed: Changed) -> None:
        self._visit = visit
        self._hub = hub
        self._now = now
        self._changed = changed
        self._talk: Talk | None = None
        self._shown_seq = 0
        self._shown_notes: set[str] = set()
        self._possible: tuple[object, ...] = ()  # the deeds that are drawn
        self._begun: dict[str, int] = {}  # where each conversation was when this agent began to write in it
        self._build()

    def _build(self) -> None:
        words = self._visit.words
        with box("talk", tag="main", aria_label=words.say("desk-conversation")):
            with box("nothing") as self._nothing:
                empty(words.say("desk-nothing"), words.say("desk-nothing-more"))
            with box("talk-open") as self._open:
                with box("talk-head"):
                    button("‹", self._back, "quiet back", aria_label=words.say("desk-back"))
                    with box("grow"):
                        with box("row nowrap"):
                            self._name = text("", "h2 clip", tag="h1")
                            self._company = Company(self._visit, self._hub)
                        self._state = box("row")
                    self._deeds = box("row deeds")
                self._labels = LabelsBar(self._visit, self._do)
                self._log = box("log", role="log", aria_live="polite", aria_label=words.say("desk-log"), tabindex="0")
                self._receipts = Receipts(self._visit, self._hub)
                self._typing = text(words.say("desk-typing"), "typing muted", tag="p", aria_live="polite")
                self._build_compose()
        self._transfer = Transfer(self._visit, self._do)
        self._overtaken = OvertakenQuestion(self._visit)
        self._open.set_visibility(False)
        self._typing.set_visibility(False)

    def _build_compose(self) -> None:
        words = self._visit.words
        with box("compose"):
            self._suggestions = SuggestionBar(self._visit)
            with box("row between compose-bar"):
                with box("row", role="tablist", aria_label=words.say("compose-kind")):
                    self._kinds = {kind: self._kind(kind) for kind in ("reply", "note")}
                self._ready = button(
                    words.say("compose-canned"), classes="quiet small compose-canned", aria_keyshortcuts="/"
                )
                self._ready.on("click", js_handler="() => rapportPick.begin('.compose-box')")
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
        self._show_why_not()
        self._ready.set_visibility(self.is_mine and not self._is_note)

    @property
    def conversation_id(self) -> str | None:
        """The conversation that is shown."""
        return self._talk.conversation.id if self._talk else None

    @property
    def agents(self) -> dict[str, str]:
        """Id → name of those who work or worked here."""
        return self._talk.agents if self._talk else {}

    async def open(self, conversation_id: str) -> None:
        """Show another conversation from its beginning; the access log says who reads it."""
        self._visit.script(f"rapportDesk.swap({json.dumps(conversation_id)})")
        self._shown_seq = 0
        self._shown_notes.clear()
        self._receipts.begin()
        self._write_kind("reply")
        self._log.clear()
        self._typing.set_visibility(False)
        await self._visit.read(self._visit.crm.activity.opened, conversation_id, actor=self._visit.actor)
        await self.refresh(conversation_id)
        self._company.join(conversation_id)
        await self._offer_replies()
        await self._labels.offer_tags()
        self._visit.script("rapportDesk.follow(true)")

    async def refresh(self, conversation_id: str | None = None) -> None:
        """Read what is new in the conversation and show it."""
        conversation_id = conversation_id or self.conversation_id
        if conversation_id is None:
            return
        visit = self._visit
        self._talk = await visit.read(read_talk, visit.crm, conversation_id, visit.actor)
        await self._append()
        self._show_state()
        self._suggestions.look(self._talk.conversation, mine=self.is_mine)
        self._receipts.show(self._talk.conversation, is_mine=self.is_mine)

    async def _append(self) -> None:
        assert self._talk is not None
        while True:
            fresh = await self._visit.read(
                self._visit.crm.conversations.messages,
                self._talk.conversation.id,
                after_seq=self._shown_seq,
                limit=_PAGE,
            )
            fresh = [message for message in fresh if message.seq > self._shown_seq]
            if not fresh:
                break
            self._draw(fresh)
        self._draw_notes(self._shown_seq + 1)

    def _draw(self, messages: list[Message]) -> None:
        assert self._talk is not None
        with self._log:
            for message in messages:
                self._draw_notes(message.seq)
                draw_line(message, self._visit.words, self._talk.agents, self._now())
        self._shown_seq = messages[-1].seq
        self._receipts.drawn(messages)
        if messages[-1].author == Author.CUSTOMER:
            self._typing.set_visibility(False)
        self._visit.script("rapportDesk.follow(false)")

    def _draw_notes(self, before_seq: int) -> None:
        """Draw the notes that are not shown yet and stand before a place in the log."""
        assert self._talk is not None
        for note in self._talk.notes:
            if note.id not in self._shown_notes and note.after_seq < before_seq:
                self._shown_notes.add(note.id)
                with self._log:
                    draw_note(note, self._visit.words, self._talk.agents, self._now())
                self._visit.script("rapportDesk.follow(false)")

    def _show_state(self) -> None:
        assert self._talk is not None
        words, talk = self._visit.words, self._talk
        conversation = talk.conversation
        self._nothing.set_visibility(False)
        self._open.set_visibility(True)
        self._name.set_text(talk.name or words.say("desk-visitor"))
        self._state.clear()
        with self._state:
            if conversation.status == "closed":
                chip(words.name("ending", conversation.outcome.value if conversation.outcome else None))
            else:
                chip(self._owner_words(), _OWNER_TONE[conversation.owner])
            if talk.waiting:
                chip(words.name("handoff", talk.waiting.reason), "accent")
            chip(words.name("language", conversation.language))
            text(words.name("channel", conversation.channel), "muted small")
        self._show_deeds()
        self._labels.show(talk, mine=self.is_mine)
        self._show_compose()

    def _owner_words(self) -> str:
        assert self._talk is not None
        conversation = self._talk.conversation
        if self.is_mine:
            return self._visit.words.say("desk-owner-me")
        if conversation.owner is Owner.HUMAN:
            name = self._talk.agents.get(conversation.agent_id or "", "?")
            return self._visit.words.say("desk-owner-other", name=name)
        return self._visit.words.say(f"desk-owner-{conversation.owner.value}")

    @property
    def is_mine(self) -> bool:
        """Whether this agent may write in the conversation."""
        if self._talk is None:
            return False
        conversation = self._talk.conversation
        is_open = conversation.status == "open" and conversation.owner is Owner.HUMAN
        return is_open and conversation.agent_id == self._visit.agent.id

    def _show_deeds(self) -> None:
        assert self._talk is not None
        words, conversation = self._visit.words, self._talk.conversation
        possible = (conversation.id, conversation.status, conversation.version, self._talk.offered)
        if possible == self._possible:  # drawn anew, a button would lose the click that comes at this moment
            return
        self._possible = possible
        self._deeds.clear()
        with self._deeds:
            if self._talk.offered:
                button(words.say("transfer-decline"), self._decline, "btn btn-small")
                button(words.say("transfer-accept"), self._accept, "btn btn-small btn-primary")
            if self.is_mine:
                button(words.say("transfer-open"), self._transfer.open, "btn btn-small", aria_keyshortcuts="x")
                button(words.say("desk-release"), self._release, "btn btn-small", aria_keyshortcuts="q")
                button(words.say("desk-hand-back"), self._hand_back, "btn btn-small", aria_keyshortcuts="b")
                button(words.say("desk-solved"), self._finish, "btn btn-small btn-primary", aria_keyshortcuts="e")
            elif conversation.status == "open" and conversation.owner is not Owner.HUMAN:
                button(words.say("desk-take"), self._take, "btn btn-small btn-primary", aria_keyshortcuts="t")
            button(words.say("desk-customer"), self._show_customer, "btn btn-small portrait-toggle")

    def _show_compose(self) -> None:
        assert self._talk is not None
        conversation = self._talk.conversation
        enable(self._box, self.is_mine)
        enable(self._send_button, self.is_mine)
        self._ready.set_visibility(self.is_mine and not self._is_note)
        why = "closed" if conversation.status == "closed" else conversation.owner.value
        self._why_not.set_text("" if self.is_mine else self._visit.words.say(f"desk-compose-{why}"))
        self._show_why_not()

    def _show_why_not(self) -> None:
        self._why_not.set_visibility(not self.is_mine and not self._is_note)

    async def _take(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.take(talk_id, agent.id))
        self._visit.script("rapportDesk.focus()")

    async def _accept(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.accept_offer(talk_id, agent.id))
        self._visit.script("rapportDesk.focus()")

    async def _decline(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.decline_offer(talk_id, agent.id))

    async def _release(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.release(talk_id, agent.id))

    async def _hand_back(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.hand_back(talk_id, agent.id))

    async def _finish(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.finish(talk_id, agent.id))

    async def _do(self, call: Callable[[str], object]) -> bool:
        """Do something with the shown conversation and tell everybody; whatever came of it, show how it stands."""
        talk_id = self.conversation_id
        assert talk_id is not None
        done = await self._visit.deed(call, talk_id) is not None
        self._hub.publish(conversation_topic(talk_id), CHANGED)
        self._hub.publish(DESK, CHANGED)
        await self._changed()
        return done

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
        crm, agent, talk_id = self._visit.crm, self._visit.agent, self.conversation_id
        assert talk_id is not None
        overtaken: list[str] = []

        def say(begun: int | None) -> object:
            try:
                return crm.conversations.say(talk_id, agent.id, content, external_id=new_id(), begun_at_seq=begun)
            except Overtaken as error:
                overtaken.append(error.said)
                return error

        begun = self._begun.pop(talk_id, self._shown_seq)
        if not await self._do(lambda _: say(begun)):
            return False
        if not overtaken:
            return True
        return await self._overtaken.answer(overtaken[0]) and await self._do(lambda _: say(None))

    async def _offer_replies(self) -> None:
        """Tell the browser which ready-made replies a slash offers."""
        assert self._talk is not None
        language = self._talk.conversation.language
        replies = await self._visit.read(self._visit.crm.canned_replies.all)
        offered = [{"key": reply.shortcut, "more": reply.text(language)} for reply in replies]
        self._visit.script(f"rapportPick.offer('/', {json.dumps(offered)})")

    async def _pick(self, event: GenericEventArguments) -> None:
        talk_id, fill = self.conversation_id, self._visit.crm.canned_replies.fill
        assert talk_id is not None
        words = await self._visit.deed(fill, str(event.args), talk_id, actor=self._visit.actor)
        if words is not None:
            self._visit.script(f"rapportPick.fill('.compose-box', {json.dumps(words)})")

    async def _add_note(self, content: str) -> bool:
        notes, actor = self._visit.crm.notes, self._visit.actor
        return await self._do(lambda talk_id: notes.add(talk_id, content, actor=actor))

    async def send_cards(self, words: str, cards: Callable[[], list[dict[str, object]]]) -> bool:
        """Send products to the customer; `cards` logs them as served and gives them."""
        crm, agent = self._visit.crm, self._visit.agent
        if self._talk is None or not self.is_mine:
            return False
        return await self._do(lambda talk_id: crm.conversations.say(talk_id, agent.id, words, cards=cards()))

    def _type(self, _event: GenericEventArguments) -> None:
        if self.conversation_id and self.is_mine:
            self._begun.setdefault(self.conversation_id, self._shown_seq)
            self._company.writes()
            self._hub.publish(conversation_topic(self.conversation_id), {"type": "typing", "author": "agent"})

    def customer_types(self, typing: bool) -> None:
        """Show or hide that the customer is writing."""
        self._typing.set_visibility(typing)

    def _back(self) -> None:
        self._visit.script("rapportDesk.show('queue')")

    def _show_customer(self) -> None:
        self._visit.script("rapportDesk.show('portrait')")
