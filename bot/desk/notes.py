"""Private notes: how one looks in the log, and the box to write one in."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui.events import GenericEventArguments

from bot.desk.frame import Visit
from bot.desk.parts import box, button, text
from bot.desk.wording import Wording
from crm_core.records.desk import Note

_ADD_ON_ENTER = """(event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  rapportDesk.take((text) => emit(text), ".note-box");
}"""
_ADD_ON_CLICK = "() => rapportDesk.take((text) => emit(text), '.note-box')"

Add = Callable[[str], Awaitable[bool]]


def draw_note(note: Note, words: Wording, agents: dict[str, str], now: datetime) -> None:
    """Draw a note into the element that is open; nobody can take it for something said to the customer."""
    writer = agents.get(note.agent_id, words.say("desk-author-agent"))
    with box("line line-note", tag="article", aria_label=words.say("note-by", name=writer)):
        with box("line-meta"):
            text(words.say("note"), "note-sign")
            text(writer, "line-writer")
            text(words.when(note.created_at, now), "num", tag="time", datetime=note.created_at.isoformat())
        text(note.text or words.say("desk-erased"), "bubble", tag="p")


class NoteBox:
    """The box for a note; it is there whoever has the conversation.

    Args:
        visit: The open page.
        add: Keeps the note; tells whether that was done.
    """

    def __init__(self, visit: Visit, add: Add) -> None:
        self._visit = visit
        self._add = add
        words = visit.words
        with box("row nowrap compose-row") as self.element:
            field = box("field note-box", tag="textarea", rows="1", maxlength="4000", data_pick="@")
            field.props["aria-label"] = words.say("note-box")
            field.props["placeholder"] = words.say("note-hint")
            field.on("keydown", self._write, js_handler=_ADD_ON_ENTER)
            button(words.say("note-add"), classes="btn btn-note").on("click", self._write, js_handler=_ADD_ON_CLICK)

    async def _write(self, event: GenericEventArguments) -> None:
        content = str(event.args).strip()
        if content and not await self._add(content):
            self._visit.script(f"rapportDesk.restore({json.dumps(content)}, '.note-box')")
