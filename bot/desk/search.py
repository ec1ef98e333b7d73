"""The search page: what was said in any conversation, found by its words; a search is an address that can be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from nicegui import ui
from starlette.requests import Request

from bot.desk.frame import Visit, add_style
from bot.desk.parts import box, chip, empty, text
from bot.desk.wording import Wording
from crm_core.crm import Crm
from crm_core.records.people import Actor
from crm_core.records.search import Found, Hit, Where

PATH = "/desk/search"
_HERE = Path(__file__).parent
_CHANNELS = ("web", "rest", "terminal")
_LONGEST = 200  # characters of a query


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for."""

    text: str
    status: str
    agent: str
    channel: str
    since: str
    until: str

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Asked:
        """Read an address; what it does not say, or says wrongly, is any."""
        status = query.get("status", "")
        channel = query.get("channel", "")
        return cls(
            text=query.get("q", "").strip()[:_LONGEST],
            status=status if status in ("open", "closed") else "",
            agent=query.get("agent", ""),
            channel=channel if channel in _CHANNELS else "",
            since=_day(query.get("from", "")),
            until=_day(query.get("to", "")),
        )


@dataclass(frozen=True, slots=True)
class Shown:
    """What was found, with the names to it."""

    found: Found
    names: dict[str, str | None]  # of customers, masked
    agents: dict[str, str]


def read_search(crm: Crm, asked: Asked, actor: Actor) -> Shown:
    """Search, and read who the customers are."""
    agents = {agent.id: agent.name for agent in crm.staff.list()}
    found = crm.search.find(asked.text, actor=actor, where=_where(crm, asked, agents)) if asked.text else Found(())
    people = {hit.conversation.customer_id for hit in found.hits}
    return Shown(found, {each: crm.customers.get(each, actor=actor).name for each in people}, agents)


def _where(crm: Crm, asked: Asked, agents: Mapping[str, str]) -> Where:
    since, until = (date.fromisoformat(day) if day else None for day in (asked.since, asked.until))
    return Where(
        status=asked.status or None,
        agent_id=asked.agent if asked.agent in agents else None,
        channel=asked.channel or None,
        since=crm.reports.period(since, since).starts if since else None,
        before=crm.reports.period(until, until).ends if until else None,
    )


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


async def build(visit: Visit, request: Request) -> None:
    """Build the page.

    Args:
        visit: Who looks.
        request: Its address says what is searched for.
    """
    add_style(_HERE / "search.css")
    asked = Asked.of(request.query_params)
    shown = await visit.read(read_search, visit.crm, asked, visit.actor)
    with box("search", tag="main"):
        text(visit.words.say("page-search"), "h1", tag="h1")
        ui.html(_form(visit.words, asked, shown.agents), sanitize=False)
        _results(visit.words, asked, shown)


def _results(words: Wording, asked: Asked, shown: Shown) -> None:
    if not asked.text:
        empty(words.say("search-start"), words.say("search-start-more"))
    elif shown.found.too_short:
        empty(words.say("search-too-short"))
    elif not shown.found.hits:
        empty(words.say("search-nothing"), words.say("search-nothing-more"))
    else:
        count = len(shown.found.hits)
        text(words.say("search-more" if shown.found.more else "search-count", count=count), "muted", tag="p")
        with box("hits", tag="ul"):
            for hit in shown.found.hits:
                _result(words, hit, shown)


def _result(words: Wording, hit: Hit, shown: Shown) -> None:
    talk = hit.conversation
    with box("", tag="li"), box("hit", tag="a", href=f"/desk?c={talk.id}"):
        with box("row between"):
            text(shown.names[talk.customer_id] or words.say("desk-visitor"), "strong")
            text(words.moment(hit.at), "muted small num", tag="time", datetime=hit.at.isoformat())
        with box("hit-words", tag="p"):
            text(words.say("search-said", who=words.say(f"desk-author-{hit.author.value}")), "muted")
            for part in hit.parts:
                text(part.text, tag="mark" if part.hit else "span")
        with box("row item-tags"):
            ending = talk.outcome.value if talk.outcome else "open" if talk.status == "open" else None
            chip(words.name("ending", ending) if ending else words.say("search-closed"))
            text(words.name("channel", talk.channel), "muted small")
            if talk.agent_id in shown.agents:
                text(shown.agents[talk.agent_id], "muted small")


def _form(words: Wording, asked: Asked, agents: Mapping[str, str]) -> str:
    statuses = {"open": words.say("ending-open"), "closed": words.say("search-closed")}
    channels = {channel: words.name("channel", channel) for channel in _CHANNELS}
    say = {key: escape(words.say(f"search-{key}")) for key in ("words", "hint", "go", "from", "to")}
    return (
        f'<form class="search-form" method="get" action="{PATH}" role="search">'
        f'<input class="field search-box" name="q" type="search" maxlength="{_LONGEST}" value="{escape(asked.text)}" '
        f'aria-label="{say["words"]}" placeholder="{say["hint"]}"{"" if asked.text else " autofocus"}>'
        f'<button class="btn btn-primary" type="submit">{say["go"]}</button><div class="row search-filters">'
        + _select(words, "status", statuses, asked.status)
        + _select(words, "agent", agents, asked.agent)
        + _select(words, "channel", channels, asked.channel)
        + f'<label>{say["from"]} <input name="from" type="date" value="{asked.since}"></label>'
        f'<label>{say["to"]} <input name="to" type="date" value="{asked.until}"></label></div></form>'
    )


def _select(words: Wording, name: str, choices: Mapping[str, str], chosen: str) -> str:
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(shown)}</option>'
        for value, shown in {"": words.say("search-any"), **choices}.items()
    )
    return f'<label>{escape(words.say(f"search-{name}"))} <select name="{name}">{options}</select></label>'
