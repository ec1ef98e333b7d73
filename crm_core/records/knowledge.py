"""Knowledge articles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Audience(StrEnum):
    """Whom an article is for; each may read what is for those before it."""

    EVERYONE = "everyone"
    CUSTOMERS = "customers"  # those who are signed in
    BUSINESS = "business"  # companies
    AGENTS = "agents"  # our own people only

    @property
    def readable(self) -> tuple[Audience, ...]:
        """Give the audiences whose articles it may read."""
        every = tuple(Audience)
        return every[: every.index(self) + 1]


@dataclass(frozen=True, slots=True)
class Article:
    """One article in one language; the same slug in the other language says the same."""

    slug: str
    language: str
    title: str
    body: str  # Markdown without the title; paragraphs parted by an empty line
    category: str
    keywords: tuple[str, ...] = ()  # other words by which people ask for it
    questions: tuple[str, ...] = ()  # as people ask them
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file or an address that gave no article."""

    name: str
    why: str  # a code; `bot/locales/<language>/articles.ftl` has the words
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Gathered:
    """What folders and sitemaps gave."""

    articles: tuple[Article, ...]
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the articles that were brought in."""

    new: int
    changed: int
    unchanged: int
    removed: int
    vanished: tuple[str, ...]  # articles of this source that it has no more, and that were left
    skipped: tuple[Skipped, ...]
