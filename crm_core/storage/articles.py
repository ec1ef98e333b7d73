"""Queries on the knowledge articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.knowledge import Article
from crm_core.storage.tables import articles
from crm_core.storage.upsert import upsert

ArticlesState = tuple[int, datetime | None]


def state(connection: sa.Connection) -> ArticlesState:
    """Give what changes whenever an article does."""
    row = connection.execute(sa.select(sa.func.count(), sa.func.max(articles.c.updated_at))).one()
    return row[0], row[1]


def valid_at(connection: sa.Connection, moment: datetime) -> list[Article]:
    """Give the articles that are in force at a moment."""
    query = (
        sa.select(articles)
        .where(sa.or_(articles.c.valid_from.is_(None), articles.c.valid_from <= moment))
        .where(sa.or_(articles.c.valid_to.is_(None), articles.c.valid_to > moment))
        .order_by(articles.c.slug, articles.c.language)
    )
    return [_article(row) for row in connection.execute(query).mappings()]


def save(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Keep articles; one that is there under its slug and language is replaced."""
    upsert(connection, articles, rows, key=("slug", "language"))


def _article(row: Any) -> Article:
    return Article(
        slug=row["slug"],
        language=row["language"],
        title=row["title"],
        body=row["body"],
        category=row["category"],
        keywords=tuple(row["keywords"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )
