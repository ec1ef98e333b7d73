"""Articles edited by managers: checked, kept, used within seconds, and who changed what is never forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import sqlalchemy as sa

from crm_core.errors import Conflict, NotFound
from crm_core.knowledge import editing
from crm_core.language import LANGUAGES
from crm_core.privacy import rights
from crm_core.records.articles import ArticleChange, ArticleText, EditedArticle
from crm_core.records.people import Actor
from crm_core.storage import article_editing as rows
from crm_core.use_cases.context import Context


class ArticleNotFound(NotFound):
    """No such article."""

    what = "article"


class Articles:
    """The shop's articles as managers edit them.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def all(self) -> list[EditedArticle]:
        """Give every article, by slug, also those that hold no more or not yet."""
        with self._context.database.reading() as connection:
            return rows.all_of_them(connection)

    def get(self, slug: str) -> EditedArticle:
        """Give an article.

        Raises:
            ArticleNotFound: There is none.
        """
        with self._context.database.reading() as connection:
            return _known(rows.by_slug(connection, slug), slug)

    def today(self) -> date:
        """Give the day by which it is told whether an article holds."""
        return self._context.clock().astimezone(UTC).date()

    def create(self, article: EditedArticle, *, actor: Actor) -> EditedArticle:
        """Keep a new article.

        Raises:
            NotAllowed: The actor may not.
            ArticleInvalid: A field cannot be accepted; it names the field.
        """
        rights.check(actor, "knowledge")
        tidy = _tidy(article)
        editing.check(tidy)
        at = self._context.clock()
        with self._context.database.writing() as connection:
            if rows.by_slug(connection, tidy.slug) is not None:
                raise editing.ArticleInvalid("slug", tidy.slug, "taken")
            self._write(connection, None, tidy, actor, at)
            return _known(rows.by_slug(connection, tidy.slug), tidy.slug)

    def change(self, article: EditedArticle, *, actor: Actor) -> EditedArticle:
        """Keep an article's new state; a language without text loses the article.

        Args:
            article: What it shall be; its `updated_at` is that of the state that was edited.
            actor: Who changes it.

        Raises:
            NotAllowed: The actor may not.
            ArticleNotFound: There is no such article (any more).
            ArticleInvalid: A field cannot be accepted; it names the field.
            Conflict: Somebody has changed it meanwhile.
        """
        rights.check(actor, "knowledge")
        tidy = _tidy(article)
        editing.check(tidy)
        at = self._context.clock()
        with self._context.database.writing() as connection:
            before = _known(rows.by_slug(connection, tidy.slug, lock=True), tidy.slug)
            if before.updated_at != article.updated_at:
                raise Conflict(f"article {tidy.slug!r} was changed meanwhile")
            self._write(connection, before, tidy, actor, at)
            return _known(rows.by_slug(connection, tidy.slug), tidy.slug)

    def withdraw(self, slug: str, *, actor: Actor) -> EditedArticle:
        """Let an article hold no more from today on; it can be given a later day again.

        Raises:
            NotAllowed: The actor may not.
            ArticleNotFound: There is none.
        """
        rights.check(actor, "knowledge")
        at = self._context.clock()
        with self._context.database.writing() as connection:
            before = _known(rows.by_slug(connection, slug, lock=True), slug)
            first = before.valid_from if before.valid_from and before.valid_from < self.today() else None
            after = replace(before, valid_from=first, valid_to=self.today())
            self._write(connection, before, after, actor, at, deed="withdrawn")
            return _known(rows.by_slug(connection, slug), slug)

    def delete(self, slug: str, *, actor: Actor) -> None:
        """Delete an article in every language; what it said stays in its history.

        Raises:
            NotAllowed: The actor may not.
            ArticleNotFound: There is none.
        """
        rights.check(actor, "knowledge")
        with self._context.database.writing() as connection:
            before = _known(rows.by_slug(connection, slug, lock=True), slug)
            self._write(connection, before, replace(before, texts={}), actor, self._context.clock())

    def history(self, slug: str, *, limit: int = 50) -> list[ArticleChange]:
        """Give who did what to an article, the newest first."""
        with self._context.database.reading() as connection:
            return rows.history(connection, slug, limit)

    def _write(
        self,
        connection: sa.Connection,
        before: EditedArticle | None,
        after: EditedArticle,
        actor: Actor,
        at: datetime,
        deed: str = "changed",
    ) -> None:
        for language in LANGUAGES:
            was, now = rows.written(before, language), rows.written(after, language)
            if was == now:
                continue
            if now is None:
                rows.delete(connection, after.slug, language)
            else:
                rows.save(connection, after, language, at)
            done = "created" if was is None else "deleted" if now is None else deed
            rows.note(connection, done, language, actor.id, at, before=before, after=after)


def add_questions(
    connection: sa.Connection, slug: str, language: str, questions: Iterable[str], actor: Actor, at: datetime
) -> None:
    """Keep with an article how customers asked for it; what it has already is not added again.

    Args:
        connection: An open transaction.
        slug: Whose.
        language: Of the questions; an article that says nothing in it is left as it is.
        questions: As customers put them, without personal data.
        actor: Who says that the article answers them.
        at: Now.

    Raises:
        ArticleNotFound: There is no such article.
    """
    before = _known(rows.by_slug(connection, slug, lock=True), slug)
    text = before.text(language)
    known = _once([*text.questions, *questions])
    if text.empty or known == text.questions:
        return
    after = replace(before, texts=before.texts | {language: replace(text, questions=known)})
    rows.save(connection, after, language, at)
    rows.note(connection, "changed", language, actor.id, at, before=before, after=after)


def _known(article: EditedArticle | None, slug: str) -> EditedArticle:
    if article is None:
        raise ArticleNotFound(slug)
    return article


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _tidy(article: EditedArticle) -> EditedArticle:
    texts = {
        language: ArticleText(
            text.title.strip(),
            text.body.replace("\r\n", "\n").strip(),
            _once(text.keywords),
            _once(text.questions),
        )
        for language, text in article.texts.items()
        if language in LANGUAGES
    }
    return replace(
        article,
        slug=article.slug.strip(),
        category=article.category.strip(),
        texts={language: text for language, text in texts.items() if not text.empty},
    )
