"""What could be answered, above the box: taken over with one click, changed before it is sent, or dismissed."""

from __future__ import annotations

import json
from functools import partial

from nicegui import background_tasks

from bot.desk.frame import Visit
from bot.desk.parts import box, button, text
from crm_core.errors import NotAllowed, NotFound
from crm_core.records.conversations import Conversation
from crm_core.records.suggestions import Suggestion


class SuggestionBar:
    """The suggestions for the customer's last message.

    Args:
        visit: The open page.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._asked: tuple[str, int] | None = None  # the conversation and its last message that were looked at
        self._used: Suggestion | None = None
        self._element = box("suggestions", tag="section", aria_label=visit.words.say("suggestions"))
        self._element.set_visibility(False)

    def look(self, talk: Conversation, *, mine: bool) -> None:
        """Show what fits the conversation as it is now; it is read in the background, nothing waits for it."""
        asked = (talk.id, talk.last_seq) if mine else None
        if asked == self._asked:
            return
        if self._asked and asked and asked[0] != self._asked[0]:
            self._used = None
        self._asked = asked
        if asked is None:
            self._show([])
        else:
            background_tasks.create(self._read(asked), name="desk suggestions")

    async def _read(self, asked: tuple[str, int]) -> None:
        visit = self._visit
        try:
            found = await visit.read(visit.crm.suggestions.of, asked[0], actor=visit.actor)
        except (NotAllowed, NotFound):
            return
        if asked == self._asked and not visit.client.is_deleted:
            self._show(found)

    def _show(self, found: list[Suggestion]) -> None:
        words = self._visit.words
        self._element.clear()
        self._element.set_visibility(bool(found))
        with self._element:
            for one in found:
                source = words.say(f"suggestion-{one.source.value}", title=one.title)
                with box("suggestion", role="group", aria_label=source) as card:
                    with box("row between nowrap"):
                        text(source, "suggestion-source clip").props["title"] = source
                        away = button("×", partial(self._dismiss, one, card), "quiet suggestion-away")
                        away.props["aria-label"] = away.props["title"] = words.say("suggestion-dismiss")
                    taken = button(one.text, partial(self._accept, one), "suggestion-text")
                    taken.props["title"] = one.text

    async def _accept(self, one: Suggestion) -> None:
        self._used = one
        self._visit.script(f"rapportDesk.put({json.dumps(one.text)})")
        self._show([])
        await self._visit.deed(partial(self._visit.crm.suggestions.accept, one.id, actor=self._visit.actor))

    async def _dismiss(self, one: Suggestion, card: object) -> None:
        rest = [child for child in self._element.default_slot.children if child is not card]
        for child in self._element.default_slot.children:
            if child is card:
                child.delete()
        self._element.set_visibility(bool(rest))
        await self._visit.deed(partial(self._visit.crm.suggestions.dismiss, one.id, actor=self._visit.actor))

    async def sent(self, content: str) -> None:
        """Keep what became of the suggestion that was taken over last, now that this was sent."""
        used, self._used = self._used, None
        if used is not None:
            await self._visit.deed(partial(self._visit.crm.suggestions.sent, used, content, actor=self._visit.actor))
