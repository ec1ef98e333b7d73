"""Article files: Markdown with a YAML head, one file per article and language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES
from crm_core.records.knowledge import Article

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
        InvalidInput: The file has no head, or the head has no title or category.
    """
    opening, _, rest = path.read_text("utf-8").partition(f"{_FENCE}\n")
    head_text, fence, body = rest.partition(f"\n{_FENCE}\n")
    if opening.strip() or not fence:
        raise InvalidInput("article", str(path), "does not begin with a YAML head between --- lines")
    try:
        head = yaml.safe_load(head_text)
    except yaml.YAMLError as error:
        raise InvalidInput("article", str(path), f"has a head that is not YAML: {error}") from error
    if not isinstance(head, dict) or not head.get("title") or not head.get("category"):
        raise InvalidInput("article", str(path), "needs a title and a category in its head")
    return Article(
        slug=path.stem,
        language=language,
        title=str(head["title"]),
        body=body.strip(),
        category=str(head["category"]),
        keywords=tuple(str(word) for word in head.get("keywords") or ()),
        valid_from=_moment(path, head.get("valid_from")),
        valid_to=_moment(path, head.get("valid_to")),
    )


def _moment(path: Path, day: object) -> datetime | None:
    """Give the beginning of a day in UTC."""
    if day is None:
        return None
    if not isinstance(day, date):
        raise InvalidInput("article", str(path), f"has {day!r} where a day like 2026-01-31 belongs")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
