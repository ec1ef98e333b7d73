"""Which days the page is about: read from its address, so that a view can be kept and sent on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from html import escape
from urllib.parse import urlencode

from nicegui import ui

from bot.desk.parts import box, link, text
from bot.desk.wording import Wording
from crm_core.crm import Crm
from crm_core.errors import InvalidInput
from crm_core.reports.period import Period

PRESETS = (7, 30, 90)
_STANDARD_DAYS = 30


def period_of(crm: Crm, query: Mapping[str, str]) -> Period:
    """Give the days that an address asks for; what cannot be read is the last thirty days."""
    today = crm.reports.today()
    try:
        return crm.reports.period(date.fromisoformat(query["from"]), date.fromisoformat(query["to"]))
    except (KeyError, ValueError, InvalidInput):
        return crm.reports.period(today - timedelta(days=_STANDARD_DAYS - 1), today)


def address(path: str, period: Period) -> str:
    """Give the address of a view of these days."""
    return f"{path}?{urlencode({'from': period.first.isoformat(), 'to': period.last.isoformat()})}"


def draw_range(words: Wording, crm: Crm, period: Period) -> None:
    """Draw the title, the ready ranges, the two dates and the download."""
    today = crm.reports.today()
    with box("range"):
        text(words.say("page-insights"), "h1", tag="h1")
        with box("presets", tag="nav", aria_label=words.say("insights-range")):
            for days in PRESETS:
                preset = crm.reports.period(today - timedelta(days=days - 1), today)
                made = link(words.say("insights-last-days", days=days), address("/insights", preset), "")
                made.props["aria-current"] = "true" if preset == period else "false"
        ui.html(_dates(words, period), sanitize=False)
        link(words.say("insights-download"), address("/insights/daily.csv", period), "btn btn-small")


def _dates(words: Wording, period: Period) -> str:
    first, last = period.first.isoformat(), period.last.isoformat()
    say = {key: escape(words.say(f"insights-{key}")) for key in ("from", "to", "show")}
    return (
        '<form class="dates" method="get" action="/insights">'
        f'<label for="from">{say["from"]}</label><input id="from" name="from" type="date" value="{first}" required>'
        f'<label for="to">{say["to"]}</label><input id="to" name="to" type="date" value="{last}" required>'
        f'<button class="btn btn-small" type="submit">{say["show"]}</button></form>'
    )
