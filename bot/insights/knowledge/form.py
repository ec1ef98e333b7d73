"""The fields of the article editor: filled from an article, and read back into one."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from crm_core.knowledge.editing import ArticleInvalid
from crm_core.language import LANGUAGES
from crm_core.records.articles import ArticleText, EditedArticle

_BETWEEN = re.compile(r"[,，、;；\n]+")


def fields_of(article: EditedArticle) -> dict[str, str]:
    """Give the value of each field."""
    values = {"slug": article.slug, "category": article.category, "audience": article.audience}
    values |= {name: _day(getattr(article, name)) for name in ("valid_from", "valid_to")}
    for language in LANGUAGES:
        text = article.text(language)
        values |= {f"title_{language}": text.title, f"body_{language}": text.body}
        values[f"keywords_{language}"] = ", ".join(text.keywords)
        values[f"questions_{language}"] = "\n".join(text.questions)
    return values


def article_of(values: dict[str, Any], known: EditedArticle) -> EditedArticle:
    """Give the article that the fields hold.

    Args:
        values: Of the fields, by name.
        known: The state that was edited.

    Raises:
        ArticleInvalid: A day cannot be read.
    """
    given = {name: str(values.get(name) or "") for name in fields_of(known)}
    texts = {
        language: ArticleText(
            given[f"title_{language}"],
            given[f"body_{language}"],
            tuple(word.strip() for word in _BETWEEN.split(given[f"keywords_{language}"]) if word.strip()),
            tuple(line.strip() for line in given[f"questions_{language}"].splitlines() if line.strip()),
        )
        for language in LANGUAGES
    }
    return EditedArticle(
        slug=known.slug if known.updated_at else given["slug"],
        category=given["category"],
        texts=texts,
        audience=given["audience"],
        valid_from=_read_day("valid_from", given["valid_from"]),
        valid_to=_read_day("valid_to", given["valid_to"]),
        updated_at=known.updated_at,
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _read_day(field: str, written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise ArticleInvalid(field, written, "not_known") from error
