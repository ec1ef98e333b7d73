"""The right column's timeline: who did what in the conversation, the newest first."""

from __future__ import annotations

from datetime import datetime

from bot.desk.parts import box, empty, text
from bot.desk.wording import Wording
from crm_core.records.desk import Deed


def draw_activity(deeds: list[Deed], agents: dict[str, str], words: Wording, now: datetime) -> None:
    """Draw the timeline into the element that is open.

    Args:
        deeds: What was done, the newest first.
        agents: Id → name of the staff.
        words: The reader's language.
        now: The present moment.
    """
    if not deeds:
        empty(words.say("activity-none"))
        return
    with box("timeline", tag="ol"):
        for deed in deeds:
            with box("deed", tag="li"):
                text(words.when(deed.at, now), "num muted small deed-when", tag="time", datetime=deed.at.isoformat())
                with box("grow"):
                    text(_what(deed, words), "strong small", tag="p")
                    text(_who(deed, agents, words), "muted small", tag="p")


def _what(deed: Deed, words: Wording) -> str:
    kind = "system" if words.knows("system", deed.what) else "deed"
    more = _more(deed, words)
    told = words.name(kind, deed.what)
    return f"{told} · {more}" if more else told


def _more(deed: Deed, words: Wording) -> str:
    detail = deed.detail
    if reason := detail.get("reason"):
        return words.name("handoff", str(reason))
    if outcome := detail.get("outcome"):
        return words.name("ending", str(outcome))
    if priority := detail.get("priority"):
        return words.name("priority", str(priority))
    if until := detail.get("until"):
        return words.moment(datetime.fromisoformat(str(until)))
    return str(detail.get("label") or "")


def _who(deed: Deed, agents: dict[str, str], words: Wording) -> str:
    if deed.actor in agents:
        return agents[deed.actor]
    return words.name("actor", deed.actor)
