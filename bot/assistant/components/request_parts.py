"""Where one part of a message may end and the next begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.assistant.components.request_rules import HAN, rules

MOST_PARTS = 8  # what comes after them belongs to the last one
_WHOLE = re.compile(r"[\w.+-]+@[\w.-]+|https?://\S+|\d[.,:]\d", re.ASCII)
MEANINGFUL = re.compile(rf"[^\W_{HAN}]{{2,}}|[{HAN}]|\d")


@dataclass(frozen=True)
class Part:
    """A part of a message, and what it asks for (`""`: nothing by itself)."""

    start: int
    end: int
    intent: str = ""
    confidence: float = 0.0
    bordered: bool = True


def cut(text: str) -> list[Part]:
    """Cut a message wherever a request may begin."""
    found = rules()
    whole = [match.span() for match in _WHOLE.finditer(text)]
    ends = {
        match.start(): match.end()
        for match in found.borders.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in whole)
    }
    begins = {m.start() for m in found.openers.finditer(text) if not found.dangling.search(text[: m.start()])}
    parts: list[Part] = []
    start, bordered = 0, True
    for place in sorted({*ends, *begins, len(text)}):
        if place < start:
            continue
        if MEANINGFUL.search(text[start:place]):
            parts.append(Part(start, place, bordered=bordered))
            bordered = False
        elif parts and place in begins and place not in ends:
            continue
        bordered = bordered or place in ends
        start = ends.get(place, place)
    if len(parts) > MOST_PARTS:
        parts = [*parts[: MOST_PARTS - 1], replace(parts[MOST_PARTS - 1], end=len(text))]
    return parts
