"""The words around a hit, as they are shown in a list."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.records.search import Part

_BEFORE = 40  # characters
_AFTER = 100


def excerpt(text: str, hits: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """Cut out what stands around the first hit, in parts of which the hits are marked.

    Args:
        text: What was written.
        hits: Where the words stand, in order; at least one.
    """
    start = _word_begins(text, max(0, hits[0][0] - _BEFORE))
    end = _word_ends(text, min(len(text), hits[0][1] + _AFTER))
    parts: list[Part] = [Part("… ")] if start else []
    place = start
    for first, last in hits:
        if first < place or first >= end:
            continue
        parts += [Part(text[place:first]), Part(text[first:last], hit=True)]
        place = last
    parts.append(Part(text[place : max(place, end)]))
    if end < len(text):
        parts.append(Part(" …"))
    return tuple(part for part in parts if part.text)


def _word_begins(text: str, place: int) -> int:
    """Give the beginning of the next word within a few characters, so that none is cut in two."""
    if place == 0:
        return 0
    gap = text.find(" ", place, place + 15)
    return gap + 1 if gap >= 0 else place


def _word_ends(text: str, place: int) -> int:
    """Give the end of the last whole word before a place, unless it is long."""
    gap = text.rfind(" ", place - 15, place + 1)
    return gap if place < len(text) and gap >= 0 else place
