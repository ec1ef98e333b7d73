"""Ready-made replies: what their texts may hold, and how the places in them are filled."""

from __future__ import annotations

import re
from collections.abc import Mapping

from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES

PLACES = ("customer_name", "agent_name", "order_number", "today")
LONGEST_TEXT, LONGEST_SHORTCUT = 2000, 32
_SHORTCUT = re.compile(r"[^\W_][\w-]*")
_PLACE = re.compile(r"\{\s*(" + "|".join(PLACES) + r")\s*\}")
_ANY_PLACE = re.compile(r"\{\s*([^{}\s]*)\s*\}")
_WHY = {
    "not_a_shortcut": "may hold only letters, digits and hyphens",
    "too_long": "is too long",
    "missing": "is missing",
    "unknown_place": "holds a place that is not known",
    "taken": "is there already",
}


class ReplyInvalid(InvalidInput):
    """A ready-made reply cannot be accepted.

    Args:
        field: `shortcut`, or a language.
        value: The offending value.
        code: What is wrong, for those who say it in their own words.
    """

    def __init__(self, field: str, value: object, code: str) -> None:
        self.code = code
        super().__init__(field, value, _WHY[code])


def tidy_shortcut(shortcut: str) -> str:
    """Give a shortcut in its one spelling: small letters, without the slash that it is typed with."""
    return shortcut.strip().lstrip("/／").strip().lower()


def check(shortcut: str, texts: Mapping[str, str]) -> None:
    """Let a reply be kept.

    Raises:
        ReplyInvalid: The shortcut or a text cannot be used; it names which.
    """
    if not _SHORTCUT.fullmatch(shortcut):
        raise ReplyInvalid("shortcut", shortcut, "not_a_shortcut" if shortcut else "missing")
    if len(shortcut) > LONGEST_SHORTCUT:
        raise ReplyInvalid("shortcut", shortcut, "too_long")
    if not any(texts.get(language) for language in LANGUAGES):
        raise ReplyInvalid(LANGUAGES[0], "", "missing")
    for language in LANGUAGES:
        text = texts.get(language, "")
        if len(text) > LONGEST_TEXT:
            raise ReplyInvalid(language, text, "too_long")
        if unknown := set(_ANY_PLACE.findall(text)) - set(PLACES):
            raise ReplyInvalid(language, f"{{{min(unknown)}}}", "unknown_place")


def filled(text: str, values: Mapping[str, str]) -> str:
    """Put values into a text's places; a place without a value stays, for the writer to fill."""
    return _PLACE.sub(lambda place: values.get(place[1]) or place[0], text)


def unfilled(text: str) -> list[str]:
    """Give the places that are still in a text, in order, each once."""
    return list(dict.fromkeys(_PLACE.findall(text)))
