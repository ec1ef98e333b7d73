"""The bar under a conversation's head: its priority, laying it aside, its tags, and its transcript."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from nicegui.events import GenericEventArguments

from bot.desk.frame import Visit
from bot.desk.parts import box, button, link, menu, text
from bot.desk.transcript import FILE_PATH, Links
from bot.desk.views import Talk
from bot.desk.wording import Wording
from crm_core.conversations.labels import LONGEST_TAG, Snooze
from crm_core.conversations.urgency import Priority
from crm_core.crm import Crm
from crm_core.records.conversations import Message
from crm_core.records.people import Actor

_TONES = {"low": "plain", "normal": "plain", "high": "warn", "urgent": "bad"}
_TAKE_TAG = """(event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.value.trim()) return;
  event.preventDefault();
  emit(event.target.value);
  event.target.value = "";
}"""

Do = Callable[[Callable[[str], object]], Awaitable[bool]]


class LabelsBar:
    """The bar; it is drawn anew only when something in it changed.

    Args:
        visit: The open page.
        do: Does something with the shown conversation and tells everybody.
    """

    def __init__(self, visit: Visit, do: Do) -> None:
        self._visit = visit
        self._do = do
        self._shown: object = None
        with box("labels", role="group", aria_label=visit.words.say("labels")):
            self._states = box("row labels-states")
            self._tags = box("row labels-tags")
            self._add_tag_field()
            self._more = box("labels-more")

    def show(self, talk: Talk, *, mine: bool) -> None:
        """Show how the conversation stands."""
        conversation = talk.conversation
        state = (conversation.id, conversation.priority, conversation.snoozed_until, tuple(talk.tags), mine)
        if state == self._shown:
            return
        self._shown = state
        self._draw_states(talk, mine=mine)
        self._draw_tags(talk.tags)
        self._more.clear()
        with self._more:
            self._transcript(conversation.id, mine=mine)

    def _draw_states(self, talk: Talk, *, mine: bool) -> None:
        words, now_set = self._visit.words, talk.conversation.priority
        self._states.clear()
        with self._states:
            shown = words.say("labels-priority", priority=words.name("priority", now_set))
            with menu(shown, f"chip chip-{_TONES[now_set]}", aria_keyshortcuts="p"):
                for priority in Priority:
                    chosen = "true" if priority.value == now_set else "false"
                    deed = partial(self._rank, priority)
                    button(words.name("priority", priority.value), deed, "menu-item", aria_pressed=chosen)
            if mine:
                self._snooze(talk)

    def _snooze(self, talk: Talk) -> None:
        words, until = self._visit.words, talk.conversation.snoozed_until
        shown = words.say("labels-snoozed", until=words.moment(until)) if until else words.say("labels-snooze")
        with menu(shown, "chip chip-accent" if until else "chip chip-plain", aria_keyshortcuts="z"):
            for choice in Snooze:
                button(words.name("snooze", choice.value), partial(self._lay_aside, choice), "menu-item")
            if until:
                button(words.say("labels-wake"), self._wake, "menu-item")

    def _draw_tags(self, tags: list[str]) -> None:
        words = self._visit.words
        self._tags.clear()
        with self._tags:
            for tag in tags:
                with box("chip chip-plain tag"):
                    text(tag)
                    button("×", partial(self._untag, tag), "tag-off", aria_label=words.say("labels-untag", tag=tag))

    def _add_tag_field(self) -> None:
        words = self._visit.words
        field = box(
            "tag-field", tag="input", type="text", list="known-tags", maxlength=str(LONGEST_TAG), aria_keyshortcuts="g"
        )
        field.props["aria-label"] = words.say("labels-tag")
        field.props["placeholder"] = words.say("labels-tag-hint")
        field.on("keydown", self._tag, js_handler=_TAKE_TAG)
        self._known = box(tag="datalist", id="known-tags")

    async def offer_tags(self) -> None:
        """Offer the tags that are in use."""
        known = await self._visit.read(self._visit.crm.conversations.known_tags)
        self._known.clear()
        with self._known:
            for tag in known:
                box(tag="option", value=tag)

    def _transcript(self, conversation_id: str, *, mine: bool) -> None:
        words = self._visit.words
        with menu(words.say("labels-transcript"), "quiet small", "menu-right"):
            if mine:
                button(words.say("transcript-send"), self._send_transcript, "menu-item")
            link(words.say("transcript-download"), f"{FILE_PATH}/{conversation_id}", "menu-item").props["download"] = ""

    async def _rank(self, priority: Priority) -> None:
        crm, actor = self._visit.crm, self._visit.actor
        await self._do(lambda talk_id: crm.conversations.set_priority(talk_id, priority, actor=actor))

    async def _lay_aside(self, choice: Snooze) -> None:
        crm, actor = self._visit.crm, self._visit.actor
        await self._do(lambda talk_id: crm.conversations.snooze(talk_id, choice, actor=actor))

    async def _wake(self) -> None:
        crm, actor = self._visit.crm, self._visit.actor
        await self._do(lambda talk_id: crm.conversations.wake(talk_id, actor=actor))

    async def _tag(self, event: GenericEventArguments) -> None:
        crm, actor, tag = self._visit.crm, self._visit.actor, str(event.args)
        await self._do(lambda talk_id: crm.conversations.add_tag(talk_id, tag, actor=actor))

    async def _untag(self, tag: str) -> None:
        crm, actor = self._visit.crm, self._visit.actor
        await self._do(lambda talk_id: crm.conversations.remove_tag(talk_id, tag, actor=actor))

    async def _send_transcript(self) -> None:
        visit = self._visit
        if await self._do(lambda talk_id: send_transcript(visit.crm, talk_id, visit.actor, _address(visit))):
            visit.tell("transcript-sent")


def send_transcript(crm: Crm, conversation_id: str, actor: Actor, address: str) -> Message:
    """Send the customer the link to the transcript, in the customer's language.

    Args:
        crm: The library.
        conversation_id: Which conversation.
        actor: Who has it.
        address: Where customers reach the gateway.

    Raises:
        NotAllowed: The conversation is not this person's.
    """
    path, until = Links(crm.settings).make(conversation_id)
    words = Wording(crm.conversations.get(conversation_id).language, crm.settings.timezone)
    said = words.say("transcript-link", until=words.day(until), link=f"{address.rstrip('/')}{path}")
    sent = crm.conversations.say(conversation_id, actor.id, said)
    crm.activity.note(conversation_id, "transcript_sent", actor=actor)
    return sent


def _address(visit: Visit) -> str:
    return visit.crm.settings.public_url or str(visit.client.request.base_url)
