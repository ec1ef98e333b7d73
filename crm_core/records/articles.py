"""Articles as they are edited: one slug, its text in each language."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What an article says in one language."""

    title: str = ""
    body: str = ""  # Markdown without the title; paragraphs parted by an empty line
    keywords: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()  # as customers ask them

    @property
    def empty(self) -> bool:
        """Whether nothing is said in this language."""
        return not (self.title.strip() or self.body.strip())


@dataclass(frozen=True, slots=True)
class EditedArticle:
    """One article with its text in each language."""

    slug: str
    category: str
    texts: dict[str, ArticleText] = field(default_factory=dict)  # by language
    audience: str = "everyone"
    valid_from: date | None = None
    valid_to: date | None = None  # the first day on which it holds no more
    updated_at: datetime | None = None  # None: not kept yet

    def text(self, language: str) -> ArticleText:
        """Give the text in a language, an empty one where there is none."""
        return self.texts.get(language, ArticleText())

    def title(self, language: str) -> str:
        """Give the title in a language, else in the one that there is."""
        return self.text(language).title or next((text.title for text in self.texts.values() if text.title), self.slug)


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """Who did what to an article, and when."""

    slug: str
    language: str
    deed: str  # created | changed | withdrawn | deleted
    actor: str  # an agent's id, or "system"
    at: datetime
    before: dict[str, Any] | None
    after: dict[str, Any] | None

    @property
    def fields(self) -> list[str]:
        """The fields that are not what they were."""
        before, after = self.before or {}, self.after or {}
        return sorted(
            name for name in before.keys() | after.keys() if (before.get(name) or None) != (after.get(name) or None)
        )
