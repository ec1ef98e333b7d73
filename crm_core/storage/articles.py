"""Queries on the knowledge articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.knowledge import Article, Audience
from crm_core.storage.tables import article_changes, articles
from crm_core.storage.upsert import upsert

ArticlesState = tuple[int, datetime | None]
Key = tuple[str, str]  # slug and language

_SAID = ("title", "body", "category", "keywords", "questions", "audience", "valid_from", "valid_to")


def state(connection: sa.Connection) -> ArticlesState:
    """Give what changes whenever an article does."""
    row = connection.execute(sa.select(sa.func.count(), sa.func.max(articles.c.updated_at))).one()
    return row[0], row[1]


def valid_at(
    connection: sa.Connection, moment: datetime, audiences: Collection[str] = (Audience.EVERYONE,)
) -> list[Article]:
    """Give the articles that are in force at a moment, for some audiences."""
    query = (
        sa.select(articles)
        .where(sa.or_(articles.c.valid_from.is_(None), articles.c.valid_from <= moment))
        .where(sa.or_(articles.c.valid_to.is_(None), articles.c.valid_to > moment))
        .where(articles.c.audience.in_([str(audience) for audience in audiences]))
        .order_by(articles.c.slug, articles.c.language)
    )
    return [_article(row) for row in connection.execute(query).mappings()]


def all_of_them(connection: sa.Connection) -> dict[Key, Article]:
    """Give every article, whenever it holds and whomever it is for."""
    return {(row["slug"], row["language"]): _article(row) for row in connection.execute(sa.select(articles)).mappings()}


def last_actors(connection: sa.Connection) -> dict[Key, str]:
    """Give who changed each article last, deleted ones included."""
    query = sa.select(article_changes.c.slug, article_changes.c.language, article_changes.c.actor)
    rows = connection.execute(query.order_by(article_changes.c.at, article_changes.c.id))
    return {(row.slug, row.language): row.actor for row in rows}


def save(connection: sa.Connection, found: Sequence[Article], moment: datetime) -> None:
    """Keep articles; one that is there under its slug and language is replaced."""
    rows = [
        {"id": new_id(), "slug": article.slug, "language": article.language, "updated_at": moment, **_columns(article)}
        for article in found
    ]
    upsert(connection, articles, rows, key=("slug", "language"))


def delete(connection: sa.Connection, keys: Collection[Key]) -> None:
    """Delete articles."""
    for slug, language in keys:
        connection.execute(articles.delete().where(articles.c.slug == slug, articles.c.language == language))


def note(connection: sa.Connection, actor: str, moment: datetime, changes: Sequence[tuple[str, Article, Any]]) -> None:
    """Note what was done to articles: the deed, the article, and what it had been."""
    rows = [
        {
            "id": new_id(),
            "slug": article.slug,
            "language": article.language,
            "deed": deed,
            "actor": actor,
            "before": _written(before) if before else sa.null(),
            "after": _written(article) if deed != "deleted" else sa.null(),
            "at": moment,
        }
        for deed, article, before in changes
    ]
    for row in rows:  # not all at once: a null of JSON is told from one of SQL row by row
        connection.execute(article_changes.insert().values(row))


def _columns(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _SAID} | {
        "keywords": list(article.keywords),
        "questions": list(article.questions),
        "audience": str(article.audience),
    }


def _written(article: Article) -> dict[str, Any]:
    """Give an article as JSON can hold it."""
    columns = _columns(article)
    return {name: value.date().isoformat() if isinstance(value, datetime) else value for name, value in columns.items()}


def _article(row: Any) -> Article:
    return Article(
        slug=row["slug"],
        language=row["language"],
        title=row["title"],
        body=row["body"],
        category=row["category"],
        keywords=tuple(row["keywords"]),
        questions=tuple(row["questions"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        audience=Audience(row["audience"]),
    )
