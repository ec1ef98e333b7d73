"""Read receipts: whether the customer has seen what staff wrote, and that this agent has seen what they wrote."""

from __future__ import annotations

from nicegui import background_tasks, ui

from bot.desk.frame import Visit
from bot.desk.parts import text
from bot.gateway.push import Hub, conversation_topic
from bot.gateway.wire import receipt_event
from crm_core.errors import NotAllowed
from crm_core.records.conversations import Author, Conversation, Message

_LOOKED = "desk-looked"
_TELL_LOOKS = f"document.addEventListener('visibilitychange', () => document.hidden || emitEvent('{_LOOKED}'))"
_ANSWER_SECONDS = 5.0


class Receipts:
    """The line below the log.

    Args:
        visit: The open page.
        hub: Tells the customer's side.
    """

    def __init__(self, visit: Visit, hub: Hub) -> None:
        self._visit = visit
        self._hub = hub
        self._conversation: Conversation | None = None
        self._is_mine = False
        self._written = self._drawn = 0  # the agents' last message; the last one of all
        self._line = text("", "receipt muted small", tag="p")
        self._line.set_visibility(False)
        ui.on(_LOOKED, self._look)
        visit.script(_TELL_LOOKS)

    def begin(self) -> None:
        """Turn to another conversation."""
        self._conversation = None
        self._written = self._drawn = 0

    def drawn(self, messages: list[Message]) -> None:
        """Take note of messages that now stand in the log."""
        self._drawn = messages[-1].seq
        self._written = max([self._written, *(message.seq for message in messages if message.author is Author.AGENT)])

    def show(self, conversation: Conversation, *, is_mine: bool) -> None:
        """Say how far the customer has read, and note that this agent has read what they wrote."""
        self._conversation, self._is_mine = conversation, is_mine
        seen = conversation.seen_by_customer_seq >= self._written
        self._line.set_text(self._visit.words.say("desk-seen" if seen else "desk-not-seen"))
        self._line.set_visibility(is_mine and self._written > 0)
        if is_mine and conversation.seen_by_agent_seq < self._drawn:
            background_tasks.create(self._look(), name="desk looks")

    async def _look(self) -> None:
        """Only what stands on a page that is in front counts as seen."""
        talk, seq, visit = self._conversation, self._drawn, self._visit
        if talk is None or not self._is_mine or visit.client.is_deleted:
            return
        try:
            if not await visit.client.run_javascript("return !document.hidden", timeout=_ANSWER_SECONDS):
                return
            moved = await visit.read(visit.crm.conversations.seen_by_agent, talk.id, visit.agent.id, seq)
        except (TimeoutError, NotAllowed):  # the page has gone
            return
        if moved:
            self._hub.publish(conversation_topic(talk.id), receipt_event("agent", seq))
