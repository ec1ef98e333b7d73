"""The page of ready-made replies: supervisors write, change and delete them, in both languages."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

from nicegui.events import GenericEventArguments
from starlette.requests import Request

from bot.desk.frame import Visit, add_style
from bot.desk.parts import box, button, empty, text
from crm_core.conversations.canned import LONGEST_SHORTCUT, LONGEST_TEXT, PLACES, ReplyInvalid
from crm_core.language import LANGUAGES
from crm_core.records.desk import CannedReply

PATH = "/desk/replies"
_HERE = Path(__file__).parent
_TAKE = """() => emit(Object.fromEntries(
  [...document.querySelectorAll("[data-field]")].map((field) => [field.dataset.field, field.value])))"""
_FILL = """setTimeout(() => {
  const fields = [...document.querySelectorAll("[data-field]")];
  for (const [name, value] of Object.entries(%s)) fields.find((field) => field.dataset.field === name).value = value;
  fields.find((field) => !field.disabled).focus();
}, 120)"""
_INSERT = """() => {
  const field = document.querySelector("textarea[data-last]") || document.querySelector("textarea[data-field]");
  field.setRangeText("{%s}", field.selectionStart, field.selectionEnd, "end");
  field.focus();
}"""
_REMEMBER = """(event) => {
  document.querySelectorAll("textarea[data-last]").forEach((field) => field.removeAttribute("data-last"));
  event.target.dataset.last = "";
}"""


async def build(visit: Visit, _request: Request) -> None:
    """Build the page."""
    add_style(_HERE / "replies.css")
    await RepliesPage(visit).draw()


class RepliesPage:
    """The list, and the form above it while one is written.

    Args:
        visit: The open page.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._known: CannedReply | None = None
        words = visit.words
        with box("replies", tag="main"):
            with box("row between"):
                text(words.say("page-replies"), "h1", tag="h1")
                button(words.say("replies-new"), self._begin, "btn btn-primary")
            text(words.say("replies-note"), "muted", tag="p")
            self._form = box("reply-form", tag="section", aria_label=words.say("replies-form"))
            self._list = box("reply-list", tag="ul")
        self._form.set_visibility(False)

    async def draw(self) -> None:
        """Read the replies and show them."""
        visit = self._visit
        replies = await visit.read(visit.crm.canned_replies.all)
        self._list.clear()
        with self._list:
            if not replies:
                empty(visit.words.say("replies-none"))
            for reply in replies:
                self._row(reply)

    def _row(self, reply: CannedReply) -> None:
        words = self._visit.words
        with box("reply", tag="li"):
            with box("row between nowrap"):
                text(f"/{reply.shortcut}", "strong", tag="h2")
                with box("row nowrap"):
                    named = words.say("replies-edit-one", shortcut=reply.shortcut)
                    button(words.say("replies-edit"), partial(self._edit, reply), "btn btn-small", aria_label=named)
                    named = words.say("replies-delete-one", shortcut=reply.shortcut)
                    deed = partial(self._delete, reply)
                    button(words.say("replies-delete"), deed, "btn btn-small", aria_label=named)
            with box("reply-texts"):
                for language in LANGUAGES:
                    if written := reply.texts.get(language):
                        text(written, "reply-text", tag="p", lang=language)

    def _begin(self) -> None:
        self._show_form(None)

    def _edit(self, reply: CannedReply) -> None:
        self._show_form(reply)

    def _show_form(self, reply: CannedReply | None) -> None:
        words, self._known = self._visit.words, reply
        self._form.clear()
        self._form.set_visibility(True)
        with self._form:
            with box("reply-field", tag="label"):
                text(words.say("replies-shortcut"), "reply-label")
                field = box("field reply-shortcut", tag="input", data_field="shortcut", maxlength=str(LONGEST_SHORTCUT))
                if reply:
                    field.props["disabled"] = True
            with box("reply-texts"):
                for language in LANGUAGES:
                    self._text_field(language)
            with box("row"):
                text(words.say("replies-places"), "muted small")
                for place in PLACES:
                    made = button(f"{{{place}}}", classes="btn btn-small", title=words.say(f"place-{_dashed(place)}"))
                    made.on("click", js_handler=_INSERT % place)
            self._problem = text("", "alert reply-problem", tag="p", role="alert")
            with box("row"):
                made = button(words.say("replies-save"), classes="btn btn-primary")
                made.on("click", self._save, js_handler=_TAKE)
                button(words.say("replies-cancel"), self._close, "btn")
        self._problem.set_visibility(False)
        values = {"shortcut": reply.shortcut, **reply.texts} if reply else {}
        self._visit.script(_FILL % json.dumps(values))

    def _text_field(self, language: str) -> None:
        with box("reply-field", tag="label"):
            text(self._visit.words.name("language", language), "reply-label")
            field = box("field reply-area", tag="textarea", data_field=language, lang=language, rows="4")
            field.props["maxlength"] = str(LONGEST_TEXT)
            field.on("focus", js_handler=_REMEMBER)

    def _close(self) -> None:
        self._form.set_visibility(False)

    async def _save(self, event: GenericEventArguments) -> None:
        values = {str(name): str(value) for name, value in dict(event.args).items()}
        kept = await self._visit.deed(self._keep, values)
        if isinstance(kept, ReplyInvalid):
            words = self._visit.words
            field = words.say("replies-shortcut") if kept.field == "shortcut" else words.name("language", kept.field)
            self._problem.set_text(words.say(f"reply-wrong-{_dashed(kept.code)}", field=field, value=str(kept.value)))
            self._problem.set_visibility(True)
        elif kept is not None:
            self._close()
            self._visit.tell("replies-saved")
            await self.draw()

    def _keep(self, values: dict[str, str]) -> CannedReply | ReplyInvalid:
        texts = {language: values.get(language, "") for language in LANGUAGES}
        try:
            return self._visit.crm.canned_replies.save(
                values.get("shortcut", ""), texts, actor=self._visit.actor, known=self._known
            )
        except ReplyInvalid as wrong:
            return wrong

    async def _delete(self, reply: CannedReply) -> None:
        await self._visit.deed(self._visit.crm.canned_replies.delete, reply.shortcut, actor=self._visit.actor)
        await self.draw()


def _dashed(code: str) -> str:
    return code.replace("_", "-")
