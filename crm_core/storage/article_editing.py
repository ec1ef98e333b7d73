"""Queries for those who edit the articles: all of them, whenever they hold, and who changed what."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.articles import ArticleChange, ArticleText, EditedArticle
from crm_core.storage.tables import article_changes, articles
from crm_core.storage.upsert import upsert

Row = sa.RowMapping


def all_of_them(connection: sa.Connection) -> list[EditedArticle]:
    """Give every article, by slug."""
    return _joined(connection.execute(sa.select(articles).order_by(articles.c.slug)).mappings().all())


def by_slug(connection: sa.Connection, slug: str, *, lock: bool = False) -> EditedArticle | None:
    """Give one article, None where there is none; a locked one cannot change before the transaction ends."""
    query = sa.select(articles).where(articles.c.slug == slug)
    if lock:
        query = query.with_for_update()
    return next(iter(_joined(connection.execute(query).mappings().all())), None)


def save(connection: sa.Connection, article: EditedArticle, language: str, at: datetime) -> None:
    """Keep an article's text in one language."""
    row = {"id": new_id(), "slug": article.slug, "language": language, "updated_at": at, **_columns(article, language)}
    upsert(connection, articles, row, key=("slug", "language"))


def delete(connection: sa.Connection, slug: str, language: str) -> None:
    """Delete an article's text in one language."""
    connection.execute(articles.delete().where(articles.c.slug == slug, articles.c.language == language))


def note(
    connection: sa.Connection,
    deed: str,
    language: str,
    actor: str,
    at: datetime,
    *,
    before: EditedArticle | None,
    after: EditedArticle | None,
) -> None:
    """Note who did what to an article's text in one language."""
    one = after or before
    assert one is not None
    connection.execute(
        article_changes.insert().values(
            id=new_id(),
            slug=one.slug,
            language=language,
            deed=deed,
            actor=actor,
            before=written(before, language) or sa.null(),
            after=written(after, language) or sa.null(),
            at=at,
        )
    )


def history(connection: sa.Connection, slug: str, limit: int) -> list[ArticleChange]:
    """Give what was done to an article, the newest first."""
    query = (
        sa.select(article_changes)
        .where(article_changes.c.slug == slug)
        .order_by(article_changes.c.at.desc(), article_changes.c.id.desc())
    )
    return [
        ArticleChange(row.slug, row.language, row.deed, row.actor, row.at, row.before, row.after)
        for row in connection.execute(query.limit(limit))
    ]


def written(article: EditedArticle | None, language: str) -> dict[str, Any] | None:
    """Give an article in one language as JSON can hold it, None where it says nothing."""
    if article is None or article.text(language).empty:
        return None
    columns = _columns(article, language)
    return {name: value.date().isoformat() if isinstance(value, datetime) else value for name, value in columns.items()}


def _columns(article: EditedArticle, language: str) -> dict[str, Any]:
    text = article.text(language)
    return {
        "title": text.title,
        "body": text.body,
        "category": article.category,
        "keywords": list(text.keywords),
        "questions": list(text.questions),
        "audience": article.audience,
        "valid_from": _moment(article.valid_from),
        "valid_to": _moment(article.valid_to),
    }


def _joined(rows: Any) -> list[EditedArticle]:
    by_slug: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_slug[row["slug"]].append(row)
    return [_article(slug, of_slug) for slug, of_slug in by_slug.items()]


def _article(slug: str, rows: list[Row]) -> EditedArticle:
    newest = max(rows, key=lambda row: row["updated_at"])
    return EditedArticle(
        slug=slug,
        category=newest["category"],
        texts={row["language"]: _text(row) for row in rows},
        audience=newest["audience"],
        valid_from=_day(newest["valid_from"]),
        valid_to=_day(newest["valid_to"]),
        updated_at=newest["updated_at"],
    )


def _text(row: Row) -> ArticleText:
    return ArticleText(row["title"], row["body"], tuple(row["keywords"]), tuple(row["questions"]))


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()
