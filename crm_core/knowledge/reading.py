"""Article files: Markdown with a YAML head, one file per article and language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES
from crm_core.records.knowledge import Article, Audience

_FENCE = "---"


def read_articles(folder: Path) -> list[Article]:
    """Read `<folder>/<language>/<slug>.md` for every language.

    Raises:
        InvalidInput: A file has no head, or the head has no title or category.
    """
    return [read_article(path, language) for language in LANGUAGES for path in sorted((folder / language).glob("*.md"))]


def read_article(path: Path, language: str) -> Article:
    """Read one article; its file's name is its slug.

    Raises:
        InvalidInput: The file has no head, or the head has no title or category, or something it may not hold.
    """
    head, body = parted(path)
    if not head.get("title") or not head.get("category"):
        raise InvalidInput("article", str(path), "needs a title and a category in its head, between --- lines")
    return Article(
        slug=path.stem,
        language=language,
        title=str(head["title"]),
        body=body,
        category=str(head["category"]),
        keywords=_listed(path, head, "keywords"),
        questions=_listed(path, head, "questions"),
        valid_from=_moment(path, head.get("valid_from")),
        valid_to=_moment(path, head.get("valid_to")),
        audience=_audience(path, head.get("audience")),
    )


def parted(path: Path) -> tuple[dict[str, Any], str]:
    """Give the head of a file, empty where it has none, and what follows it.

    Raises:
        InvalidInput: It is not text, or its head is not YAML or is never closed.
    """
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput("article", str(path), "is not UTF-8 text") from error
    if not text.lstrip().startswith(f"{_FENCE}\n"):
        return {}, text.strip()
    head_text, fence, body = text.lstrip().removeprefix(f"{_FENCE}\n").partition(f"\n{_FENCE}\n")
    if not fence:
        raise InvalidInput("article", str(path), "has a head that is never closed")
    try:
        head = yaml.safe_load(head_text)
    except yaml.YAMLError as error:
        raise InvalidInput("article", str(path), f"has a head that is not YAML: {error}") from error
    if not isinstance(head, dict):
        raise InvalidInput("article", str(path), "has a head without names and values")
    return head, body.strip()


def _listed(path: Path, head: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = head.get(name) or ()
    if not isinstance(found, list | tuple):
        raise InvalidInput("article", str(path), f"has {name} that are no list")
    return tuple(str(each) for each in found)


def _audience(path: Path, name: object) -> Audience:
    if name is None:
        return Audience.EVERYONE
    try:
        return Audience(str(name))
    except ValueError as error:
        raise InvalidInput("article", str(path), f"is for {name!r}; known are {', '.join(Audience)}") from error


def _moment(path: Path, day: object) -> datetime | None:
    """Give the beginning of a day in UTC."""
    if day is None:
        return None
    if not isinstance(day, date):
        raise InvalidInput("article", str(path), f"has {day!r} where a day like 2026-01-31 belongs")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
