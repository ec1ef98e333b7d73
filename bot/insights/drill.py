"""The conversations behind a figure, in a window over the page."""

from __future__ import annotations

from nicegui import ui

from bot.desk.frame import Visit
from bot.desk.parts import box, button, empty, link, text
from bot.insights.tables import draw_table
from bot.insights.tiles import key_of
from crm_core.reports.period import Period
from crm_core.reports.records import ConversationRow, Drill

_AT_ONCE = 100


class DrillWindow:
    """Shows which conversations make up a figure.

    Args:
        visit: The open page.
        period: The days of the page.
    """

    def __init__(self, visit: Visit, period: Period) -> None:
        self._visit = visit
        self._period = period
        with ui.dialog() as self._dialog, box("drill", role="dialog", aria_modal="true") as self._body:
            pass

    async def show(self, figure: str, drill: Drill) -> None:
        """Open the window on a figure."""
        visit, words = self._visit, self._visit.words
        count, rows = await visit.read(visit.crm.reports.conversations, self._period, drill, limit=_AT_ONCE)
        self._body.clear()
        self._body.props["aria-label"] = words.say(f"figure-{key_of(figure)}")
        with self._body:
            with box("row between"):
                text(words.say(f"figure-{key_of(figure)}"), "h1", tag="h2")
                button(words.say("insights-close"), self._dialog.close, "btn btn-small")
            text(words.say("insights-behind", count=count, shown=len(rows)), "muted", tag="p")
            if rows:
                self._table(rows)
            else:
                empty(words.say("insights-nothing"))
        self._dialog.open()

    def _table(self, rows: list[ConversationRow]) -> None:
        words = self._visit.words
        heads = [words.say(f"insights-column-{name}") for name in ("began", "channel", "language", "ending", "person")]
        with draw_table([*heads, words.say("insights-column-messages")], numbers=1):
            for row in rows:
                with box(tag="tr"):
                    with box(tag="td"):
                        link(words.moment(row.opened_at), f"/desk?c={row.id}")
                    text(words.name("channel", row.channel), tag="td")
                    text(words.name("language", row.language), tag="td")
                    text(words.name("ending", row.ending), tag="td")
                    text(words.say("why-yes" if row.handed_off else "why-no"), tag="td")
                    text(words.number(row.messages), "num", tag="td")
