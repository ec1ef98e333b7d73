"""System lines in words, for those who do not draw them themselves as the widget does."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_datetime

from bot.phrases import bot_phrases
from crm_core.language import locale_of
from crm_core.records.conversations import Body

_PLAIN = {"nobody_came": "told-nobody-came", "nudge": "told-nudge", "agent_timed_out": "told-agent-timed-out"}


def told(body: Body, language: str) -> str | None:
    """Give what a system line means for the customer, or None where there is nothing to say.

    Args:
        body: Of a system line.
        language: Of the conversation.
    """
    event = str(body.get("event") or "")
    if event == "handoff_requested" and body.get("opens_at"):
        opens = datetime.fromisoformat(str(body["opens_at"]))
        when = format_datetime(opens, "EEEE HH:mm zzz", locale=locale_of(language))
        return bot_phrases.say(language, "told-out-of-hours", when=when)
    return bot_phrases.say(language, _PLAIN[event]) if event in _PLAIN else None
