"""The words around a hit."""

from __future__ import annotations

from crm_core.search.excerpt import excerpt
from crm_core.search.query import understand
from crm_core.search.words import fold


def shown(query: str, text: str) -> str:
    """Give an excerpt with its hits in brackets."""
    parts = excerpt(text, understand(query).hits(fold(text)))
    return "".join(f"[{part.text}]" if part.hit else part.text for part in parts)


def test_a_short_text_is_shown_whole() -> None:
    assert shown("my parcel", "Where is my parcel?") == "Where is [my] [parcel]?"


def test_of_a_long_text_what_is_around_the_first_hit_is_shown() -> None:
    found = shown("needle", "straw " * 50 + "needle " + "straw " * 50)
    assert found.startswith("… straw straw")
    assert "straw [needle] straw" in found
    assert found.endswith("…")
    assert len(found) < 180
