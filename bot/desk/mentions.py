"""Where colleagues mentioned me: a count in the top bar, the list behind it, and a notice of what is new."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nicegui import ui

from bot.desk.frame import Visit
from bot.desk.parts import box, empty, text
from crm_core.clock import now
from crm_core.crm import Crm
from crm_core.records.desk import Mention

Select = Callable[[str], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Mentions:
    """The mentions of one person, with the names of those who wrote."""

    listed: list[Mention]
    writers: dict[str, str]


def read_mentions(crm: Crm, agent_id: str) -> Mentions:
    """Read where somebody is mentioned."""
    listed = crm.notes.mentions(agent_id)
    return Mentions(listed, {agent.id: agent.name for agent in crm.staff.list()} if listed else {})


class MentionBell:
    """The count and the list.

    Args:
        visit: The open page.
        select: Called with a conversation's id when one is chosen.
    """

    def __init__(self, visit: Visit, select: Select) -> None:
        self._visit = visit
        self._select = select
        self._known: Mentions | None = None
        words = visit.words
        with ui.teleport(".top-right"), box("mentions", tag="details") as self._details:
            with box("quiet mentions-open", tag="summary", aria_keyshortcuts="m"):
                text("@", "mentions-sign", aria_hidden="true")
                text(words.say("mentions"), "mentions-word")
                self._count = text("", "badge num")
            self._panel = box("mentions-list", role="region", aria_label=words.say("mentions"))
        self._draw(Mentions([], {}))

    async def refresh(self) -> None:
        """Read again, show, and say what is new."""
        visit = self._visit
        fresh = await visit.read(read_mentions, visit.crm, visit.agent.id)
        if fresh == self._known:
            return
        before, self._known = self._known, fresh
        self._draw(fresh)
        if before is not None:
            seen = {mention.note.id for mention in before.listed}
            for mention in fresh.listed:
                if not mention.read and mention.note.id not in seen:
                    visit.notify(visit.words.say("mentions-new", name=self._writer(mention, fresh)))

    async def opened(self, conversation_id: str) -> None:
        """Note that the person looks at a conversation, and with it at what mentions them there."""
        visit = self._visit
        waiting = self._known and any(
            not mention.read and mention.note.conversation_id == conversation_id for mention in self._known.listed
        )
        if waiting:
            await visit.read(visit.crm.notes.read, conversation_id, visit.agent.id)
            await self.refresh()

    def _draw(self, mentions: Mentions) -> None:
        words = self._visit.words
        unread = sum(not mention.read for mention in mentions.listed)
        self._count.set_text(str(unread) if unread else "")
        self._count.props["aria-label"] = words.say("mentions-unread", count=unread)
        self._count.set_visibility(unread > 0)
        self._panel.clear()
        with self._panel:
            if not mentions.listed:
                empty(words.say("mentions-none"), words.say("mentions-how"))
            for mention in mentions.listed:
                self._row(mention, mentions)

    def _row(self, mention: Mention, mentions: Mentions) -> None:
        words, note = self._visit.words, mention.note
        row = box("mention" if mention.read else "mention mention-new", tag="button", type="button")
        with row:
            with box("row between nowrap", tag="span"):
                text(self._writer(mention, mentions), "strong clip")
                text(words.when(note.created_at, now()), "num muted small")
            text(note.text or words.say("desk-erased"), "mention-text")
        row.on("click", lambda _event: self._go(note.conversation_id), args=[])

    def _writer(self, mention: Mention, mentions: Mentions) -> str:
        return mentions.writers.get(mention.note.agent_id, "?")

    async def _go(self, conversation_id: str) -> None:
        self._visit.script("document.querySelector('.mentions').open = false")
        await self._select(conversation_id)
