"""The middle column: the live conversation, what may be done with it, and the box to write in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.desk.company import Company
from bot.desk.compose import Compose
from bot.desk.frame import Visit
from bot.desk.labels import LabelsBar
from bot.desk.lines import draw_line
from bot.desk.notes import draw_note
from bot.desk.parts import box, button, chip, empty, text
from bot.desk.receipts import Receipts
from bot.desk.transfer import Transfer
from bot.desk.views import Talk, read_talk
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from crm_core.records.conversations import Author, Message, Owner

_PAGE = 500
_OWNER_TONE = {Owner.BOT: "bot", Owner.QUEUE: "warn", Owner.HUMAN: "accent"}
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
                self._compose = Compose(self._visit, self._hub, self._company, self._do, lambda: self._shown_seq)
        self._transfer = Transfer(self._visit, self._do)
        self._open.set_visibility(False)
        self._typing.set_visibility(False)

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
        self._compose.begin()
        self._log.clear()
        self._typing.set_visibility(False)
        await self._visit.read(self._visit.crm.activity.opened, conversation_id, actor=self._visit.actor)
        await self.refresh(conversation_id)
        self._company.join(conversation_id)
        await self._compose.offer_replies()
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
        self._compose.show(conversation, mine=self.is_mine)

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

    async def send_cards(self, words: str, cards: Callable[[], list[dict[str, object]]]) -> bool:
        """Send products to the customer; `cards` logs them as served and gives them."""
        crm, agent = self._visit.crm, self._visit.agent
        if self._talk is None or not self.is_mine:
            return False
        return await self._do(lambda talk_id: crm.conversations.say(talk_id, agent.id, words, cards=cards()))

    def customer_types(self, typing: bool) -> None:
        """Show or hide that the customer is writing."""
        self._typing.set_visibility(typing)

    def _back(self) -> None:
        self._visit.script("rapportDesk.show('queue')")

    def _show_customer(self) -> None:
        self._visit.script("rapportDesk.show('portrait')")
