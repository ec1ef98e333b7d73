"""Questions answered from the shop's own articles, or "not known"."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from crm_core import knowledge as retrieval
from crm_core.clock import new_id
from crm_core.knowledge.reading import read_articles
from crm_core.records.knowledge import Article
from crm_core.records.shop import Passage
from crm_core.storage import articles as storage
from crm_core.use_cases.context import Context

_NEARLY = 0.6  # share of the best score from which a passage of the expected category wins
_CHECK_EVERY = timedelta(seconds=5)


class Searchable(Protocol):
    """What finds passages."""

    def search(self, question: str, language: str) -> list[Passage]:
        """Give the passages that fit a question, best first."""


class Knowledge:
    """The articles, and the index they are searched by; the index is built at first use and when they change.

    Args:
        context: The collaborators.
        index: Builds the index over articles.
    """

    def __init__(self, context: Context, index: Callable[[Sequence[Article]], Searchable] | None = None) -> None:
        self._context = context
        self._make = index
        self._lock = threading.Lock()
        self._index: Searchable | None = None
        self._state: storage.ArticlesState | None = None
        self._checked: datetime | None = None

    def answer(
        self, question: str, language: str, *, prefer: str | None = None, besides: Collection[str] = ()
    ) -> Passage | None:
        """Give the passage that answers a question, or None when the articles do not say.

        Args:
            question: As the customer put it.
            language: The language to answer in.
            prefer: The category that the question is about: its passage wins unless another fits much better.
            besides: Articles that are left out: they have been quoted already.
        """
        found = [item for item in self._fresh_index().search(question, language) if item.score >= retrieval.THRESHOLD]
        found = [item for item in found if item.slug not in besides]
        expected = [item for item in found if item.category == prefer and item.score >= _NEARLY * found[0].score]
        return next(iter([*expected, *found]), None)

    def search(self, question: str, language: str) -> list[Passage]:
        """Give the passages that come closest to a question, best first, whatever their scores."""
        return self._fresh_index().search(question, language)

    def load(self, folder: Path) -> int:
        """Read the articles of a folder (`<folder>/<language>/<slug>.md`) and give how many there are.

        Raises:
            InvalidInput: An article cannot be read; the message names the file.
        """
        found = read_articles(folder)
        moment = self._context.clock()
        with self._context.database.writing() as connection:
            storage.save(connection, [_row(article, moment) for article in found])
        self._checked = None
        return len(found)

    def _fresh_index(self) -> Searchable:
        moment = self._context.clock()
        if self._index is not None and self._checked is not None and moment - self._checked < _CHECK_EVERY:
            return self._index
        with self._lock, self._context.database.reading() as connection:
            state = storage.state(connection)
            if self._index is None or state != self._state:
                self._index = (self._make or retrieval.Index)(storage.valid_at(connection, moment))
                self._state = state
            self._checked = moment
            return self._index


def _row(article: Article, moment: datetime) -> dict[str, object]:
    return {
        "id": new_id(),
        "slug": article.slug,
        "language": article.language,
        "title": article.title,
        "body": article.body,
        "category": article.category,
        "keywords": list(article.keywords),
        "valid_from": article.valid_from,
        "valid_to": article.valid_to,
        "updated_at": moment,
    }
