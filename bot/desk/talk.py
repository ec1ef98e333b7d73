"""The middle column: the live conversation, what may be done with it, and the box to write in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui.events import GenericEventArguments

from bot.desk.frame import Visit
from bot.desk.lines import draw_line
from bot.desk.parts import box, button, chip, empty, enable, text
from bot.desk.views import Talk, read_talk
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from crm_core.clock import new_id
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
                        self._name = text("", "h2 clip", tag="h1")
                        self._state = box("row")
                    self._deeds = box("row deeds")
                self._log = box("log", role="log", aria_live="polite", aria_label=words.say("desk-log"), tabindex="0")
                self._typing = text(words.say("desk-typing"), "typing muted", tag="p", aria_live="polite")
                self._build_compose()
        self._open.set_visibility(False)
        self._typing.set_visibility(False)

    def _build_compose(self) -> None:
        words = self._visit.words
        with box("compose"):
            self._why_not = text("", "compose-note muted", tag="p")
            with box("row nowrap compose-row"):
                self._box = box("field compose-box", tag="textarea", rows="1", maxlength="4000")
                self._box.props["aria-label"] = words.say("desk-compose")
                self._box.props["placeholder"] = words.say("desk-compose-hint")
                self._box.on("keydown", self._send, js_handler=_SEND_ON_ENTER)
                self._box.on("input", self._type, args=[], throttle=2.0, trailing_events=False)
                self._send_button = button(words.say("desk-send"), classes="btn btn-primary")
                self._send_button.on("click", self._send, js_handler=_SEND_ON_CLICK)

    @property
    def conversation_id(self) -> str | None:
        """The conversation that is shown."""
        return self._talk.conversation.id if self._talk else None

    async def open(self, conversation_id: str) -> None:
        """Show another conversation from its beginning."""
        self._visit.script(f"rapportDesk.swap({json.dumps(conversation_id)})")
        self._shown_seq = 0
        self._log.clear()
        self._typing.set_visibility(False)
        await self.refresh(conversation_id)
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
                return
            self._draw(fresh)

    def _draw(self, messages: list[Message]) -> None:
        assert self._talk is not None
        with self._log:
            for message in messages:
                draw_line(message, self._visit.words, self._talk.agents, self._now())
        self._shown_seq = messages[-1].seq
        if messages[-1].author == Author.CUSTOMER:
            self._typing.set_visibility(False)
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
        self._deeds.clear()
        with self._deeds:
            if self.is_mine:
                button(words.say("desk-release"), self._release, "btn btn-small")
                button(words.say("desk-hand-back"), self._hand_back, "btn btn-small")
                button(words.say("desk-solved"), self._finish, "btn btn-small btn-primary")
            elif conversation.status == "open" and conversation.owner is not Owner.HUMAN:
                button(words.say("desk-take"), self._take, "btn btn-small btn-primary")
            button(words.say("desk-customer"), self._show_customer, "btn btn-small portrait-toggle")

    def _show_compose(self) -> None:
        assert self._talk is not None
        conversation = self._talk.conversation
        enable(self._box, self.is_mine)
        enable(self._send_button, self.is_mine)
        why = "closed" if conversation.status == "closed" else conversation.owner.value
        self._why_not.set_text("" if self.is_mine else self._visit.words.say(f"desk-compose-{why}"))
        self._why_not.set_visibility(not self.is_mine)

    async def _take(self) -> None:
        crm, agent = self._visit.crm, self._visit.agent
        await self._do(lambda talk_id: crm.conversations.take(talk_id, agent.id))
        self._visit.script("rapportDesk.focus()")

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
        crm, agent = self._visit.crm, self._visit.agent
        if content and not await self._do(
            lambda talk_id: crm.conversations.say(talk_id, agent.id, content, external_id=new_id())
        ):
            self._visit.script(f"rapportDesk.restore({json.dumps(content)})")

    async def send_cards(self, words: str, cards: Callable[[], list[dict[str, object]]]) -> bool:
        """Send products to the customer; `cards` logs them as served and gives them."""
        crm, agent = self._visit.crm, self._visit.agent
        if self._talk is None or not self.is_mine:
            return False
        return await self._do(lambda talk_id: crm.conversations.say(talk_id, agent.id, words, cards=cards()))

    def _type(self, _event: GenericEventArguments) -> None:
        if self.conversation_id and self.is_mine:
            self._hub.publish(conversation_topic(self.conversation_id), {"type": "typing", "author": "agent"})

    def customer_types(self, typing: bool) -> None:
        """Show or hide that the customer is writing."""
        self._typing.set_visibility(typing)

    def _back(self) -> None:
        self._visit.script("rapportDesk.show('queue')")

    def _show_customer(self) -> None:
        self._visit.script("rapportDesk.show('portrait')")
