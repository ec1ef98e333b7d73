"""The left column: who is offered to me, whom I have, who waits, and every other list of conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from nicegui.element import Element
from nicegui.elements.mixins.text_element import TextElement

from bot.desk.bulk import Bulk
from bot.desk.frame import Visit
from bot.desk.lists import SharedReading, read_choices, read_lists
from bot.desk.narrowing import Narrowing
from bot.desk.parts import box, button, chip, set_hint, text
from bot.gateway.push import Event
from crm_core.records.lists import Listed, Shelf

Select = Callable[[str], Awaitable[None]]
_AT_ONCE = 12  # rows of each list are drawn in one go, about a screenful; the others follow
_BREATH_SECONDS = 0.02  # meanwhile for the other pages
_REPLY_WARNED, _SOLVE_WARNED = 120, 1800  # seconds before what was promised is over
_PRIORITY_TONE = {"urgent": "bad", "high": "warn"}


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a row says."""

    name: str
    preview: str
    since: str
    selected: bool
    unread: bool
    chips: tuple[tuple[str, str, str], ...]  # words, tone and hint of each label
    why: str


class Row:
    """One conversation of a list; it is changed in place, so that pointing and focus stay where they are."""

    def __init__(self, item: Listed, visit: Visit, select: Select, bulk: Bulk) -> None:
        self._visit = visit
        self._shown: _Shown | None = None
        conversation_id = item.conversation.id
        self._labels: list[tuple[str, TextElement]] = []  # with their tones
        self._why: TextElement | None = None
        with box("item-holder", tag="li") as self.element:
            bulk.box(conversation_id)
            self._button = box("item", tag="button", type="button")
            with self._button:
                with box("row between nowrap", tag="span"):
                    self._name = text("", "item-name clip")
                    self._since = text("", "item-since num")
                self._preview = text("", "item-preview clip")
                self._tags = box("row item-tags", tag="span")
        self._button.on("click", lambda _event: select(conversation_id), args=[])

    def show(self, item: Listed, now: datetime, *, selected: bool) -> None:
        """Bring the row to what is known now; what says the same as before is not touched."""
        before, shown = self._shown, self._say(item, now, selected=selected)
        if shown == before:
            return
        self._shown = shown
        self._name.set_text(shown.name)
        self._preview.set_text(shown.preview)
        self._since.set_text(shown.since)
        if before is None or shown.selected != before.selected:
            self._button.props["aria-current"] = "true" if shown.selected else None
        if before is None or shown.unread != before.unread:
            self._button.classes(**{"add" if shown.unread else "remove": "item-unread"})
        if before is None or (shown.chips, shown.why) != (before.chips, before.why):
            self._tag(shown)

    def _say(self, item: Listed, now: datetime, *, selected: bool) -> _Shown:
        words = self._visit.words
        waited = words.span((now - item.since).total_seconds())
        return _Shown(
            name=item.name or words.say("desk-visitor"),
            preview=item.preview or words.say("desk-no-text"),
            since=waited if item.position else words.when(item.since, now),
            selected=selected,
            unread=item.unread,
            chips=tuple(self._chips(item, now)),
            why=words.reason(item.reasons[0]) if item.position and item.reasons else "",
        )

    def _promise(self, item: Listed, now: datetime) -> tuple[str, str] | None:
        """Give the words and the tone of the clock that runs: until the first reply, and then until it is solved."""
        replied = item.reply_due_at is None
        due, warned = (item.solve_due_at, _SOLVE_WARNED) if replied else (item.reply_due_at, _REPLY_WARNED)
        if due is None or item.conversation.status == "closed":
            return None
        left = (due - now).total_seconds()
        key = ("desk-solve-" if replied else "desk-") + ("due" if left > 0 else "overdue")
        tone = "bad" if left <= 0 else "warn" if left < warned else "plain"
        return self._visit.words.say(key, span=self._visit.words.span(abs(left))), tone

    def _chips(self, item: Listed, now: datetime) -> Iterator[tuple[str, str, str]]:
        """Give the words, the tone and the hint of each small label."""
        words, conversation = self._visit.words, item.conversation
        if item.position:
            why = " · ".join(words.reason(reason) for reason in item.reasons)
            yield words.say("desk-position", position=item.position), "warn" if item.position == 1 else "plain", why
        if conversation.priority != "normal":
            tone = _PRIORITY_TONE.get(conversation.priority, "plain")
            yield words.name("priority", conversation.priority), tone, ""
        if promise := self._promise(item, now):
            yield *promise, ""
        if item.reason not in (None, "taken") and conversation.status == "open":
            yield words.name("handoff", item.reason), "accent", ""
        if conversation.outcome:
            yield words.name("ending", conversation.outcome.value), "plain", ""
        if item.segment and not conversation.outcome:
            yield words.segment(item.segment), "plain", ""
        if conversation.language != words.language:
            yield words.name("language", conversation.language), "plain", ""

    def _tag(self, shown: _Shown) -> None:
        same_labels = [tone for _, tone, _ in shown.chips] == [tone for tone, _ in self._labels]
        if same_labels and bool(shown.why) == (self._why is not None):
            for (_, label), (words, _, hint) in zip(self._labels, shown.chips, strict=True):
                label.set_text(words)
                set_hint(label, hint)
            if self._why:
                self._why.set_text(shown.why)
            return
        self._tags.clear()
        with self._tags:
            self._labels = [(tone, chip(words, tone, hint=hint)) for words, tone, hint in shown.chips]
            self._why = text(shown.why, "item-why clip") if shown.why else None


class Section:
    """One list with its heading and what is said when it is empty."""

    def __init__(self, visit: Visit, shelf: Shelf, select: Select, bulk: Bulk) -> None:
        self._visit = visit
        self._select = select
        self._bulk = bulk
        self._quiet_when_empty = shelf in (Shelf.OFFERED, Shelf.OWED)
        self._rows: dict[str, Row] = {}
        key = f"desk-{shelf.value}"
        with box("list-section", tag="section", aria_label=visit.words.say(key)) as self.element:
            with box("list-head"):
                text(visit.words.say(key), "h3", tag="h2")
                self._count = text("", "count num")
            self._list = box("list", tag="ul")
            self._empty = text(visit.words.say(f"{key}-empty"), "list-empty muted", tag="p")

    def show(self, items: list[Listed], now: datetime, selected: str | None, depth: int) -> None:
        """Bring the list to what is known now; at most `depth` rows are drawn."""
        self._count.set_text(str(len(items)) if items else "")
        self._empty.set_visibility(not items)
        self.element.set_visibility(bool(items) or not self._quiet_when_empty)
        items = items[:depth]
        for gone in self._rows.keys() - {item.conversation.id for item in items}:
            self._rows.pop(gone).element.delete()
        for place, item in enumerate(items):
            row = self._rows.get(item.conversation.id) or self._add(item)
            _put(row.element, self._list, place)
            row.show(item, now, selected=item.conversation.id == selected)

    def _add(self, item: Listed) -> Row:
        with self._list:
            row = self._rows[item.conversation.id] = Row(item, self._visit, self._select, self._bulk)
        return row


class QueueColumn:
    """The left column.

    Args:
        visit: The open page.
        shared: Reads for all desks what is the same for all.
        select: Called with a conversation's id when it is chosen.
        changed: Called when something was done with several conversations at once.
        now: Gives the present moment.
    """

    def __init__(
        self,
        visit: Visit,
        shared: SharedReading,
        select: Select,
        changed: Callable[[], Awaitable[None]],
        now: Callable[[], datetime],
    ) -> None:
        self._visit = visit
        self._shared = shared
        self._select = select
        self._now = now
        self._selected: str | None = None
        self._depth = _AT_ONCE
        self._stale: set[Shelf] = set()
        self._sections: dict[Shelf, Section] = {}
        self.lists: dict[Shelf, list[Listed]] | None = None
        with box("queue", tag="aside", aria_label=visit.words.say("desk-conversations")):
            self._narrowing = Narrowing(visit, self._look)
            self._bulk = Bulk(visit, changed)
            self._holder = box("lists")
            button(visit.words.say("desk-alerts"), classes="quiet small alerts").on(
                "click", js_handler="() => rapportDesk.allowAlerts()"
            )

    @property
    def waiting(self) -> list[Listed]:
        """Those who wait for a person, as last read; none where another list is shown."""
        return (self.lists or {}).get(Shelf.WAITING, [])

    @property
    def shown(self) -> list[str]:
        """The conversations that are listed, from top to bottom."""
        return [item.conversation.id for items in (self.lists or {}).values() for item in items]

    def concerns(self, event: Event) -> bool:
        """Tell whether what happened can change what is listed, and note which lists are to be read again."""
        touched = self._narrowing.view.touched(event, self._visit.agent.id)
        self._stale |= touched
        return bool(touched)

    async def offer_choices(self) -> None:
        """Offer what the lists can be narrowed to and what can be done with what is chosen in them."""
        choices = await read_choices(self._shared, self._visit.crm, self._visit.actor)
        self._narrowing.offer(choices)
        self._bulk.offer(choices)

    async def _look(self) -> None:
        """Show the lists of another view."""
        self.lists = None
        self._depth = _AT_ONCE
        await self.refresh(self._selected)

    @property
    def only_words(self) -> bool:
        """Whether, as far as is known, something was said and nothing else happened."""
        return bool(self._stale) and self.lists is not None and not self._stale >= self.lists.keys()

    async def refresh(self, selected: str | None, *, everything: bool = False) -> int:
        """Read again the lists that have changed, or all where that is not known, and show them.

        Returns:
            How many conversations have come into the queue, or to this agent, since the last time.
        """
        before = self._calling() if self.lists is not None else None
        visit, view = self._visit, self._narrowing.view
        await visit.check()
        stale, self._stale = self._stale, set()
        if everything or not stale or self.lists is None:
            stale = set(view.shelves)
        try:
            lists = await read_lists(self._shared, visit.crm, visit.actor, view, stale)
        except BaseException:
            self._stale |= stale
            raise
        if view != self._narrowing.view:  # another view was chosen meanwhile
            return 0
        self.lists = {**(self.lists or {}), **lists}
        self.redraw(selected)
        await self._draw_the_rest()
        return len(self._calling() - before) if before is not None else 0

    async def _draw_the_rest(self) -> None:
        while self._depth < max(map(len, (self.lists or {}).values()), default=0):
            await asyncio.sleep(_BREATH_SECONDS)
            self._depth += _AT_ONCE
            self.redraw(self._selected)

    def _calling(self) -> set[str]:
        calling = (Shelf.OFFERED, Shelf.WAITING)
        found = {item.conversation.id for shelf in calling for item in (self.lists or {}).get(shelf, [])}
        mine = (self.lists or {}).get(Shelf.MINE, [])
        return found | {item.conversation.id for item in mine if item.reply_due_at is not None}

    def redraw(self, selected: str | None) -> None:
        """Show the lists as last read; waiting times move on."""
        self._selected = selected
        if self.lists is None:
            return
        now = self._now()
        self._bulk.keep(set(self.shown))
        for shelf in self._sections.keys() - self.lists.keys():
            self._sections.pop(shelf).element.delete()
        for shelf, items in self.lists.items():
            if shelf not in self._sections:
                with self._holder:
                    self._sections[shelf] = Section(self._visit, shelf, self._select, self._bulk)
            self._sections[shelf].show(items, now, selected, self._depth)


def _put(element: Element, holder: Element, place: int) -> None:
    """Move an element to its place among its siblings unless it is there already."""
    if holder.default_slot.children.index(element) != place:
        element.move(holder, place)
