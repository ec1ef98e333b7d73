"""Which lists the left column shows: the day's, all of a state, narrowed, or one that was kept under a name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from nicegui.element import Element
from nicegui.events import GenericEventArguments

from bot.desk.frame import Visit
from bot.desk.lists import Choices, View
from bot.desk.parts import box, button, text
from crm_core.conversations.urgency import Priority
from crm_core.language import LANGUAGES
from crm_core.records.conversations import Owner
from crm_core.records.lists import SavedFilter, Shelf, Wanted

_SHELVES = (Shelf.OPEN, Shelf.WAITING, Shelf.SNOOZED, Shelf.CLOSED)
_CHOICES: dict[str, tuple[str, ...]] = {
    "language": LANGUAGES,
    "priority": tuple(each.value for each in Priority),
    "owner": tuple(each.value for each in Owner),
    "channel": ("web", "rest", "terminal"),
}
_SAVED = "saved:"
_VALUE = "(event) => emit(event.target.value)"
_KEEP = """(event) => {
  event.preventDefault();
  const field = event.target.elements.name;
  if (field.value.trim()) emit(field.value);
  field.value = "";
}"""


class Narrowing:
    """The choice of lists.

    Args:
        visit: The open page.
        changed: Called when another view was chosen.
    """

    def __init__(self, visit: Visit, changed: Callable[[], Awaitable[None]]) -> None:
        self._visit = visit
        self._changed = changed
        self._saved: list[SavedFilter] = []
        self.view = View()
        words = visit.words
        with box("narrowing"):
            self._list = box("field field-small", tag="select", aria_label=words.say("desk-lists"))
            self._list.on("change", self._choose, js_handler=_VALUE)
            with box("narrowing-more", tag="details"):
                text(words.say("desk-narrow"), "quiet small", tag="summary")
                for name, values in _CHOICES.items():
                    self._select(name, values)
                self._tags = self._select("tag", ())
                with box("row nowrap", tag="form") as form:
                    label = words.say("desk-keep-name")
                    box(
                        "field field-small",
                        tag="input",
                        name="name",
                        maxlength="40",
                        aria_label=label,
                        placeholder=label,
                    )
                    text(words.say("desk-keep"), "btn btn-small", tag="button", type="submit")
                form.on("submit", self._keep, js_handler=_KEEP)
                self._forget = button(words.say("desk-forget-list"), self._forget_it, "quiet small")
        self._offer()

    def offer(self, choices: Choices) -> None:
        """Offer the kept lists and the tags in use."""
        self._saved = choices.saved
        self._offer()
        with self._tags:
            for tag in choices.tags:
                text(tag, tag="option", value=tag)

    def _select(self, name: str, values: tuple[str, ...]) -> Element:
        words = self._visit.words
        made = box("field field-small", tag="select", aria_label=words.say(f"desk-by-{name}"))
        with made:
            text(words.say(f"desk-any-{name}"), tag="option", value="")
            for value in values:
                text(words.name(name, value), tag="option", value=value)
        made.on("change", partial(self._narrow, name), js_handler=_VALUE)
        return made

    def _offer(self, chosen: str = "") -> None:
        words = self._visit.words
        self._list.clear()
        with self._list:
            self._option("", words.say("desk-list-day"), chosen)
            for shelf in _SHELVES:
                self._option(shelf.value, words.say(f"desk-{shelf.value}"), chosen)
            for kept in self._saved:
                self._option(_SAVED + kept.id, kept.name, chosen)
        self._forget.set_visibility(chosen.startswith(_SAVED))

    def _option(self, value: str, name: str, chosen: str) -> Element:
        made = text(name, tag="option", value=value)
        if value == chosen:
            made.props("selected")
        return made

    async def _choose(self, event: GenericEventArguments) -> None:
        value = str(event.args)
        kept = next((each for each in self._saved if _SAVED + each.id == value), None)
        if kept:
            self.view = View(kept.shelf, kept.wanted)
        else:
            self.view = replace(self.view, shelf=Shelf(value) if value else None)
        self._kept = kept
        self._forget.set_visibility(kept is not None)
        await self._changed()

    async def _narrow(self, name: str, event: GenericEventArguments) -> None:
        self.view = replace(self.view, wanted=replace(self.view.wanted, **{name: str(event.args) or None}))
        await self._changed()

    async def _keep(self, event: GenericEventArguments) -> None:
        visit, view = self._visit, self.view
        name, shelf = str(event.args), view.shelf or Shelf.OPEN
        kept = await visit.deed(visit.crm.lists.save, name, shelf, view.wanted, actor=visit.actor)
        if kept is not None:
            self._kept = SavedFilter(kept, name.strip(), shelf, view.wanted)
            self._saved = sorted([*self._saved, self._kept], key=lambda each: each.name)
            self._offer(_SAVED + kept)
            self.view = View(shelf, view.wanted)
            await self._changed()

    async def _forget_it(self) -> None:
        visit, kept = self._visit, self._kept
        if kept is None:
            return
        await visit.deed(visit.crm.lists.forget, kept.id, actor=visit.actor)
        self._saved = [each for each in self._saved if each.id != kept.id]
        self._kept, self.view = None, View(None, Wanted())
        self._offer()
        await self._changed()

    _kept: SavedFilter | None = None
