"""Which parts of a message are one wish: details, reasons, and what two of them mean together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.assistant.components.request_parts import Part
from bot.assistant.components.request_rules import rules

_ORDER = re.compile(r"\d{5,}")


def with_details(parts: Sequence[Part]) -> list[Part]:
    """Let a part that asks for nothing belong to the one before it, or at the beginning to the one after it."""
    found: list[Part] = []
    for part in parts:
        if found and (not part.intent or not found[-1].intent):
            named = part if part.intent else found[-1]
            found[-1] = replace(named, start=found[-1].start, end=part.end)
        else:
            found.append(part)
    return [part for part in found if part.intent]


def without_reasons(text: str, parts: Sequence[Part]) -> list[Part]:
    """Let what is only told beside a request be its reason."""
    known = rules()

    def is_told(part: Part) -> bool:
        asked_by = known.reasons.get(part.intent)
        return asked_by is not None and not asked_by.search(text[part.start : part.end + 1])

    wanted = [part for part in parts if part.intent not in known.answers and not is_told(part)]
    return [part for part in parts if not (wanted and is_told(part))]


def read_beside(text: str, parts: Sequence[Part]) -> list[Part]:
    """Read what a part means beside the others."""
    said = {part.intent for part in parts}

    def meant(part: Part) -> str:
        words = text[part.start : part.end]
        rows = (row for row in rules().beside if row.said == part.intent and row.others & said)
        return next((row.means for row in rows if row.words.search(words)), part.intent)

    return [replace(part, intent=meant(part)) for part in parts]


def one_of_each(text: str, parts: Sequence[Part]) -> list[Part]:
    """Make one of the parts that are one wish; two orders are two wishes."""
    found: list[Part] = []
    for part in parts:
        place = next((number for number, other in enumerate(found) if _is_one_wish(text, other, part)), None)
        if place is None:
            found.append(part)
            continue
        other, is_last = found[place], place == len(found) - 1
        found[place] = replace(
            other,
            intent=_preferred(other.intent, part.intent),
            confidence=max(other.confidence, part.confidence),
            end=part.end if is_last else other.end,
        )
    return found


def _is_one_wish(text: str, first: Part, second: Part) -> bool:
    orders = [set(_ORDER.findall(text[part.start : part.end])) for part in (first, second)]
    return bool(_preferred(first.intent, second.intent)) and not (all(orders) and not orders[0] & orders[1])


def _preferred(first: str, second: str) -> str:
    """Give what two intents are together when they are one wish, else nothing."""
    if first == second:
        return first
    for wish in rules().one_wish:
        if first in wish and second in wish:
            return min(first, second, key=wish.index)
    return ""
