"""The left column: who waits, what is mine, what was closed last."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from nicegui.element import Element

from bot.desk.frame import Visit
from bot.desk.parts import box, button, chip, text
from bot.desk.views import Item, Lists, read_lists

Select = Callable[[str], Awaitable[None]]


class Row:
    """One conversation of a list; it is changed in place, so that pointing and focus stay where they are."""

    def __init__(self, item: Item, visit: Visit, select: Select) -> None:
        self._visit = visit
        self._chips: tuple[object, ...] = ()
        with box("item-holder", tag="li") as self.element:
            self._button = box("item", tag="button", type="button")
            with self._button:
                with box("row between nowrap", tag="span"):
                    self._name = text("", "item-name clip")
                    self._since = text("", "item-since num")
                self._preview = text("", "item-preview clip")
                self._tags = box("row item-tags", tag="span")
        self._button.on("click", lambda _event: select(item.conversation_id), args=[])

    def show(self, item: Item, now: datetime, *, selected: bool) -> None:
        """Bring the row to what is known now."""
        words = self._visit.words
        self._name.set_text(item.name or words.say("desk-visitor"))
        self._preview.set_text(item.preview or words.say("desk-no-text"))
        waited = words.span((now - item.since).total_seconds())
        self._since.set_text(waited if item.position else words.when(item.since, now))
        self._button.props["aria-current"] = "true" if selected else None
        self._button.classes(add="item-unread" if item.unread else "", remove="" if item.unread else "item-unread")
        chips = (item.position, item.reason, item.language, item.segment, item.ending)
        if chips != self._chips:
            self._chips = chips
            self._tag(item)

    def _tag(self, item: Item) -> None:
        words = self._visit.words
        self._tags.clear()
        with self._tags:
            if item.position:
                chip(words.say("desk-position", position=item.position), "warn" if item.position == 1 else "plain")
            if item.reason:
                chip(words.name("handoff", item.reason), "accent")
            if item.ending:
                chip(words.name("ending", item.ending))
            if item.segment and not item.ending:
                chip(item.segment)
            if item.language != words.language:
                chip(words.name("language", item.language))


class Section:
    """One list with its heading and what is said when it is empty."""

    def __init__(self, visit: Visit, key: str, select: Select) -> None:
        self._visit = visit
        self._select = select
        self._rows: dict[str, Row] = {}
        with box("list-section", tag="section", aria_label=visit.words.say(key)):
            with box("list-head"):
                text(visit.words.say(key), "h3", tag="h2")
                self._count = text("", "count num")
            self._list = box("list", tag="ul")
            self._empty = text(visit.words.say(f"{key}-empty"), "list-empty muted", tag="p")

    def show(self, items: list[Item], now: datetime, selected: str | None) -> None:
        """Bring the list to what is known now."""
        self._count.set_text(str(len(items)) if items else "")
        self._empty.set_visibility(not items)
        for gone in self._rows.keys() - {item.conversation_id for item in items}:
            self._rows.pop(gone).element.delete()
        for place, item in enumerate(items):
            row = self._rows.get(item.conversation_id) or self._add(item)
            _put(row.element, self._list, place)
            row.show(item, now, selected=item.conversation_id == selected)

    def _add(self, item: Item) -> Row:
        with self._list:
            row = self._rows[item.conversation_id] = Row(item, self._visit, self._select)
        return row


class QueueColumn:
    """The left column.

    Args:
        visit: The open page.
        select: Called with a conversation's id when it is chosen.
        now: Gives the present moment.
    """

    def __init__(self, visit: Visit, select: Select, now: Callable[[], datetime]) -> None:
        self._visit = visit
        self._now = now
        self.lists: Lists | None = None
        with box("queue", tag="aside", aria_label=visit.words.say("desk-conversations")):
            self._waiting = Section(visit, "desk-waiting", select)
            self._mine = Section(visit, "desk-mine", select)
            self._recent = Section(visit, "desk-recent", select)
            button(visit.words.say("desk-alerts"), classes="quiet small alerts").on(
                "click", js_handler="() => rapportDesk.allowAlerts()"
            )

    async def refresh(self, selected: str | None) -> int:
        """Read the lists again and show them.

        Returns:
            How many conversations have come into the queue since the last time.
        """
        before = {item.conversation_id for item in self.lists.waiting} if self.lists else None
        visit = self._visit
        self.lists = await visit.read(read_lists, visit.crm, visit.agent, visit.words.language)
        self.redraw(selected)
        now_waiting = {item.conversation_id for item in self.lists.waiting}
        return len(now_waiting - before) if before is not None else 0

    def redraw(self, selected: str | None) -> None:
        """Show the lists as last read; waiting times move on."""
        if self.lists is None:
            return
        now = self._now()
        self._waiting.show(self.lists.waiting, now, selected)
        self._mine.show(self.lists.mine, now, selected)
        self._recent.show(self.lists.recent, now, selected)


def _put(element: Element, holder: Element, place: int) -> None:
    """Move an element to its place among its siblings unless it is there already."""
    if holder.default_slot.children.index(element) != place:
        element.move(holder, place)
