"""What an article must be like before it is kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator

from crm_core.errors import InvalidInput
from crm_core.language import LANGUAGES
from crm_core.records.articles import EditedArticle
from crm_core.records.knowledge import Audience

AUDIENCES = tuple(str(audience) for audience in Audience)
LONGEST_TITLE, LONGEST_BODY, LONGEST_SLUG, LONGEST_QUESTION = 300, 20_000, 120, 600
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_WHY = {
    "missing": "is missing",
    "too_long": "is too long",
    "not_a_slug": "may hold only small letters, digits and single hyphens",
    "taken": "is the name of another article",
    "not_known": "is not one of those that there are",
    "not_after": "is not after the first day",
}


class ArticleInvalid(InvalidInput):
    """A field of an article cannot be accepted.

    Args:
        field: Its name; a text's ends in its language (`title_en`).
        value: The offending value.
        code: What is wrong, for those who say it in their own words.
    """

    def __init__(self, field: str, value: object, code: str) -> None:
        self.code = code
        super().__init__(field, value, _WHY[code])


def check(article: EditedArticle) -> None:
    """Let an article be kept, or name the first field that is wrong.

    Raises:
        ArticleInvalid: A field cannot be accepted.
    """
    for field, value, code in _problems(article):
        raise ArticleInvalid(field, value, code)


def slug_for(title: str, taken: Collection[str]) -> str:
    """Make a slug of a title that no article has; a title without Latin letters gives `article-…`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = "-".join(re.findall(r"[a-z0-9]+", plain)[:8])[: LONGEST_SLUG - 4].strip("-") or "article"
    numbered = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(slug for slug in numbered if slug not in taken)


def _problems(article: EditedArticle) -> Iterator[tuple[str, object, str]]:
    if not article.slug:
        yield "slug", article.slug, "missing"
    elif len(article.slug) > LONGEST_SLUG or not _SLUG.fullmatch(article.slug):
        yield "slug", article.slug, "too_long" if len(article.slug) > LONGEST_SLUG else "not_a_slug"
    if not article.category.strip():
        yield "category", article.category, "missing"
    if article.audience not in AUDIENCES:
        yield "audience", article.audience, "not_known"
    if article.valid_from and article.valid_to and article.valid_to <= article.valid_from:
        yield "valid_to", article.valid_to.isoformat(), "not_after"
    if all(article.text(language).empty for language in LANGUAGES):
        yield f"title_{LANGUAGES[0]}", "", "missing"
    for language in LANGUAGES:
        yield from _problems_of_text(article, language)


def _problems_of_text(article: EditedArticle, language: str) -> Iterator[tuple[str, object, str]]:
    text = article.text(language)
    if text.empty:
        return
    for name, value, longest in (("title", text.title, LONGEST_TITLE), ("body", text.body, LONGEST_BODY)):
        if not value.strip():
            yield f"{name}_{language}", value, "missing"
        elif len(value) > longest:
            yield f"{name}_{language}", value, "too_long"
    if any(len(question) > LONGEST_QUESTION for question in text.questions):
        yield f"questions_{language}", max(text.questions, key=len), "too_long"
