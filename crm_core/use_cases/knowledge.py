"""Questions answered from the shop's own articles, or "not known"."""

from __future__ import annotations

import pkgutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Protocol

from crm_core import knowledge as retrieval
from crm_core.knowledge.gathering import gather
from crm_core.knowledge.likeness import Encoder, Remembering
from crm_core.knowledge.reading import read_articles
from crm_core.records.knowledge import Article, Audience, Gathered, Loaded
from crm_core.records.shop import Passage
from crm_core.storage import articles as storage
from crm_core.use_cases import article_loading
from crm_core.use_cases.context import Context

_NEARLY = 0.6  # share of the best score from which a passage of the expected category wins
_OFFERS = 3
_BESIDE = 0.1  # share of the best score from which another passage is offered beside it
_CHECK_EVERY = timedelta(seconds=5)


class Searchable(Protocol):
    """What finds passages."""

    def search(self, question: str, language: str, *, only: str | None = None) -> list[Passage]:
        """Give the passages that fit a question, best first; of one article alone where it is named."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """An index, and when it was last seen to be right."""

    index: Searchable
    state: tuple[storage.ArticlesState, date]
    checked: datetime


class Knowledge:
    """The articles, and the indexes they are searched by, one for each audience that asks.

    An index is built at first use, when an article changes, and each day, since articles hold from day to day.

    Args:
        context: The collaborators.
        index: Builds an index over articles.
        encoder: Makes vectors of sentences, where one is installed; asked for at first use, since it takes a moment.
    """

    def __init__(
        self,
        context: Context,
        index: Callable[[Sequence[Article]], Searchable] | None = None,
        encoder: Callable[[], Encoder | None] | None = None,
    ) -> None:
        self._context = context
        self._make = index
        named = context.settings.encoder
        self._encoder = encoder or (pkgutil.resolve_name(named) if named else None)
        self._opened: Remembering | None = None
        self._lock = threading.Lock()
        self._indexes: dict[Audience, _Kept] = {}

    def answer(
        self,
        question: str,
        language: str,
        *,
        prefer: str | None = None,
        audience: Audience = Audience.EVERYONE,
    ) -> Passage | None:
        """Give the passage that answers a question, or None when the articles do not say.

        Args:
            question: As the customer put it.
            language: The language to answer in.
            prefer: The category that the question is known to be about: its passage wins unless another fits much
                better, and less is needed for it to be said.
            audience: Who asks; articles for others are never shown.
        """
        index = self._fresh_index(audience)
        least = retrieval.THRESHOLD if prefer is None else retrieval.EXPECTED
        found = [item for item in index.search(question, language) if item.score >= least]
        expected = [item for item in found if item.category == prefer and item.score >= _NEARLY * found[0].score]
        return next(iter([*expected, *found]), None)

    def likely(self, question: str, language: str, *, audience: Audience = Audience.EVERYONE) -> list[Passage]:
        """Give the few passages of which one may be meant by a question that none answers surely, best first."""
        found = self._fresh_index(audience).search(question, language)
        if not found or found[0].score < retrieval.OFFERED:
            return []
        return [item for item in found[:_OFFERS] if item.score >= _BESIDE * found[0].score]

    def passage(
        self, slug: str, question: str, language: str, *, audience: Audience = Audience.EVERYONE
    ) -> Passage | None:
        """Give the passage of one article that fits a question best, None where the article is there no more."""
        found = self._fresh_index(audience).search(question, language, only=slug)
        return next(iter(found), None)

    def search(self, question: str, language: str, *, audience: Audience = Audience.EVERYONE) -> list[Passage]:
        """Give the passages that come closest to a question, best first, whatever their scores."""
        return self._fresh_index(audience).search(question, language)

    def load(self, folder: Path) -> int:
        """Read the articles of a folder (`<folder>/<language>/<slug>.md`) and give how many there are.

        Raises:
            InvalidInput: An article cannot be read; the message names the file.
        """
        found = Gathered(tuple(read_articles(folder)))
        self._put(found, article_loading.FILES)
        return len(found.articles)

    def bring_in(self, sources: Sequence[Path], *, source: str = "files", prune: bool = False) -> Loaded:
        """Take articles from folders (Markdown, saved HTML pages) and sitemaps; the same again changes nothing.

        What managers have edited or deleted on their page stays as they left it.

        Args:
            sources: Folders, or `sitemap.xml` files beside the saved pages.
            source: The name under which this load is known to the next.
            prune: Remove the articles that an earlier load of this source brought and that it has no more.

        Raises:
            InvalidInput: A source is neither a folder nor a sitemap.
        """
        return self._put(gather(sources), article_loading.actor_of(source), prune=prune)

    def _put(self, found: Gathered, actor: str, *, prune: bool = False) -> Loaded:
        with self._context.database.writing() as connection:
            loaded = article_loading.put(connection, found, actor, self._context.clock(), prune=prune)
        self._indexes.clear()
        return loaded

    def _fresh_index(self, audience: Audience) -> Searchable:
        moment = self._context.clock()
        kept = self._indexes.get(audience)
        if kept is not None and moment - kept.checked < _CHECK_EVERY:
            return kept.index
        with self._lock, self._context.database.reading() as connection:
            state = (storage.state(connection), moment.date())
            kept = self._indexes.get(audience)
            if kept is None or state != kept.state:
                found = storage.valid_at(connection, moment, audience.readable)
                kept = _Kept(self._built(found), state, moment)
            self._indexes[audience] = replace(kept, checked=moment)
            return kept.index

    def _built(self, articles: Sequence[Article]) -> Searchable:
        if self._make is not None:
            return self._make(articles)
        if self._opened is None and self._encoder is not None and (encoder := self._encoder()) is not None:
            self._opened = Remembering(encoder)
        return retrieval.Index(articles, self._opened)
