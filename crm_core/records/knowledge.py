"""Knowledge articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language; the same slug in the other language says the same."""

    slug: str
    language: str
    title: str
    body: str  # Markdown without the title; paragraphs parted by an empty line
    category: str
    keywords: tuple[str, ...] = ()  # other words by which people ask for it
    valid_from: datetime | None = None
    valid_to: datetime | None = None
