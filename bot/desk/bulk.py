"""The same deed for several conversations: chosen by their boxes, done one by one, and said what could not be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from bot.desk.frame import Visit
from bot.desk.lists import Choices
from bot.desk.parts import box, button, text
from crm_core.conversations.labels import Snooze
from crm_core.conversations.urgency import Priority
from crm_core.errors import RapportError

_CHECKED = "(event) => emit(event.target.checked)"
_VALUE = "(event) => { emit(event.target.value); event.target.value = ''; }"


class Bulk:
    """The boxes before the conversations, and the bar with what may be done with those that are chosen.

    Args:
        visit: The open page.
        changed: Called after something was done.
    """

    def __init__(self, visit: Visit, changed: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._changed = changed
        self._chosen: set[str] = set()
        self._boxes: dict[str, Element] = {}
        words, crm, agent = visit.words, visit.crm, visit.agent
        with box("bulk", role="toolbar", aria_label=words.say("bulk")) as self._bar:
            self._count = text("", "small strong")
            button(words.say("desk-take"), partial(self._all, crm.conversations.take, agent.id), "btn btn-small")
            button(words.say("desk-solved"), partial(self._all, crm.conversations.finish, agent.id), "btn btn-small")
            self._offer("priority", [(each.value, words.name("priority", each.value)) for each in Priority])
            self._offer("snooze", [(each.value, words.name("snooze", each.value)) for each in Snooze])
            self._tags = self._offer("tag", [])
            self._colleagues = self._offer("assign", []) if visit.may("assign") else None
            button(words.say("bulk-none"), self._none, "quiet small")
        self._bar.set_visibility(False)

    def offer(self, choices: Choices) -> None:
        """Offer the tags in use and, to whom may assign, the colleagues."""
        with self._tags:
            for tag in choices.tags:
                text(tag, tag="option", value=tag)
        if self._colleagues is not None:
            with self._colleagues:
                for member in choices.members:
                    text(member.name, tag="option", value=member.id)

    def box(self, conversation_id: str) -> None:
        """Draw the box of one conversation."""
        label = self._visit.words.say("bulk-choose")
        made = box("item-box", tag="input", type="checkbox", aria_label=label)
        made.on("change", partial(self._choose, conversation_id), js_handler=_CHECKED)
        self._boxes[conversation_id] = made

    def keep(self, listed: set[str]) -> None:
        """Forget what is no longer listed."""
        self._boxes = {each: made for each, made in self._boxes.items() if each in listed}
        self._chosen &= listed
        self._show()

    def _offer(self, deed: str, choices: Sequence[tuple[str, str]]) -> Element:
        """Offer a deed that wants to know more, each choice with its words."""
        label = self._visit.words.say(f"bulk-{deed}")
        made = box("field field-small", tag="select", aria_label=label)
        with made:
            text(label, tag="option", value="")
            for value, words in choices:
                text(words, tag="option", value=value)
        made.on("change", partial(self._chosen_deed, deed), js_handler=_VALUE)
        return made

    def _choose(self, conversation_id: str, event: GenericEventArguments) -> None:
        (self._chosen.add if event.args else self._chosen.discard)(conversation_id)
        self._show()

    def _show(self) -> None:
        self._bar.set_visibility(bool(self._chosen))
        self._count.set_text(self._visit.words.say("bulk-chosen", count=len(self._chosen)))

    def _none(self) -> None:
        self._chosen.clear()
        self._visit.script("document.querySelectorAll('.item-box').forEach((box) => { box.checked = false; })")
        self._show()

    async def _chosen_deed(self, deed: str, event: GenericEventArguments) -> None:
        if event.args:
            await self._all(partial(self._do, deed), str(event.args))

    def _do(self, deed: str, conversation_id: str, choice: str) -> object:
        talks, actor = self._visit.crm.conversations, self._visit.actor
        match deed:
            case "priority":
                return talks.set_priority(conversation_id, Priority(choice), actor=actor)
            case "snooze":
                return talks.snooze(conversation_id, Snooze(choice), actor=actor)
            case "tag":
                return talks.add_tag(conversation_id, choice, actor=actor)
            case _:
                return talks.assign(conversation_id, choice, actor=actor)

    async def _all(self, call: Callable[[str, str], object], whom: str) -> None:
        """Do something with each; those with which it cannot be done stay chosen."""
        chosen = sorted(self._chosen)
        left = await self._visit.deed(_each, call, chosen, whom)
        if left is None:
            return
        done = len(chosen) - len(left)
        self._none()
        self._chosen = set(left)
        words = self._visit.words
        key, kind = ("bulk-done", "positive") if not left else ("bulk-partly", "warning")
        self._visit.notify(words.say(key, done=done, left=len(left)), kind)  # type: ignore[arg-type]
        await self._changed()


def _each(call: Callable[[str, str], object], conversation_ids: list[str], whom: str) -> list[str]:
    """Do something with each conversation; give those with which it could not be done."""
    left = []
    for conversation_id in conversation_ids:
        try:
            call(conversation_id, whom)
        except RapportError:
            left.append(conversation_id)
    return left
