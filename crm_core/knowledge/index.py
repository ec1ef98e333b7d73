"""Finds the passage that answers a question, and knows when none does.

Articles are ranked by how much of the question they cover (`coverage.py`), by how alike in meaning they are
(`likeness.py`) and by the questions that they are known to answer (`asked.py`); a curve over these and some more says
how probable it is that the best one answers (`calibration.py`).
`benchmarks/knowledge.py` fits and measures.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from crm_core.knowledge.asked import Asked
from crm_core.knowledge.calibration import Calibration, Signs, calibration
from crm_core.knowledge.coverage import Coverage
from crm_core.knowledge.likeness import Encoder, Likeness
from crm_core.knowledge.passages import Piece, pieces
from crm_core.knowledge.wordvectors import WordVectors
from crm_core.language import detect_language
from crm_core.records.knowledge import Article
from crm_core.records.shop import Passage

THRESHOLD = 0.75
"""Below this probability the articles do not say."""

EXPECTED = 0.6
"""The same where something else than the articles tells that it is a question about the shop."""

OFFERED = 0.2
"""From this probability the customer is asked whether one of the articles is meant."""

_MOST = 5
_VERBATIM = 0.99  # probability that an article answers what somebody has said that it answers
_LONGEST = 1000  # characters of a question that are looked at
_UNFITTED = Calibration(1.0, 1.0, (8.0, 2.0, 0.0, 0.0, 4.0, 0.0, 0.0), -4.0)


@dataclass(frozen=True, slots=True)
class Found:
    """The articles that fit a question, before the curve."""

    places: list[int]  # of the best articles, best first
    pieces: list[Piece]  # the best passage of each
    signs: list[Signs]  # of each
    verbatim: bool  # whether the best is said to answer this very question


class Index:
    """The passages of a set of articles.

    Args:
        articles: In any of our languages.
        encoder: Knows which sentences are alike; where it is missing or does not know a question's script, the vectors
            of single words stand in.
    """

    def __init__(self, articles: Sequence[Article], encoder: Encoder | None = None) -> None:
        articles = [article for article in articles if pieces(article)]
        languages = {article.language for article in articles}
        self._shelves = {
            language: Shelf([article for article in articles if article.language == language], language, encoder)
            for language in languages
        }

    def search(self, question: str, language: str, *, only: str | None = None) -> list[Passage]:
        """Give the passages that may answer a question, best first, one an article.

        Args:
            question: In any of our languages; it is looked for in the articles of its own language and answered from
                the same articles in the other language where that was asked for.
            language: The language to answer in.
            only: The slug of the one article that is looked at.
        """
        shelf = self._shelves.get(detect_language(question, language))
        if shelf is None:
            return []
        found = shelf.find(question[:_LONGEST], only)
        scores = [shelf.curve.probability(signs) for signs in found.signs]
        if found.verbatim:
            scores[0] = _VERBATIM
        return [self._passage(piece, score, language) for piece, score in zip(found.pieces, scores, strict=True)]

    def _passage(self, piece: Piece, score: float, language: str) -> Passage:
        asked_for = self._shelves.get(language)
        shown = (asked_for.same(piece) if asked_for else None) or piece
        return Passage(
            slug=shown.article.slug,
            title=shown.article.title,
            text=shown.text,
            language=shown.article.language,
            category=shown.article.category,
            score=score,
        )


class Shelf:
    """The articles of one language.

    Args:
        articles: At least one; each says something.
        language: Theirs.
        encoder: What to compare by, where it knows the language.
        curve: Instead of the fitted one.
    """

    def __init__(
        self, articles: Sequence[Article], language: str, encoder: Encoder | None, curve: Calibration | None = None
    ) -> None:
        self._articles = [pieces(article) for article in articles]
        self._places = {found[0].article.slug: place for place, found in enumerate(self._articles)}
        fitting = encoder if encoder and encoder.knows(articles[0].title) else WordVectors.kept()
        if curve is None and calibration(language, fitting.name) is None:
            fitting = WordVectors.kept()  # an encoder without fitted numbers would be as likely to harm as to help
        self.curve = curve or calibration(language, fitting.name) or _UNFITTED
        self._coverage = Coverage(self._articles)
        self._asked = Asked(self._articles)
        self._likeness = Likeness(self._articles, self._asked, fitting)

    def find(self, question: str, only: str | None = None) -> Found:
        """Give the best articles for a question, or the one that is named."""
        weighed = self._coverage.weigh(question)
        rows = self._likeness.rows(question)
        covered = self._coverage.of_articles(weighed)
        alike = self._likeness.of_articles(rows)
        votes = self._asked.votes(question, rows.asked, self._likeness.asked)
        fits = covered + self.curve.likeness * alike + self.curve.votes * votes.articles
        said = self._asked.owner(question)
        order = [int(place) for place in np.argsort(-fits, kind="stable")[:_MOST] if place != said]
        chosen = [place for place in order if covered[place] > 0 or alike[place] > 0]
        chosen = chosen if said is None else [said, *chosen]
        if only is not None:
            chosen = [place for place in (self._places.get(only),) if place is not None]
        length = math.log1p(len(weighed.weights)) / 10
        signs = [
            Signs(
                coverage=float(covered[place]),
                likeness=float(alike[place]),
                usual=float(alike.mean()),
                unknown=weighed.unknown,
                votes=float(votes.articles[place]),
                nearest=float(votes.nearest[place]),
                length=length,
            )
            for place in chosen
        ]
        best = []
        for place in chosen:
            shares = self._coverage.of_pieces(weighed, place)
            cosines = self._likeness.of_pieces(rows, place, len(shares))
            fit = [share + self.curve.likeness * cosine for share, cosine in zip(shares, cosines, strict=True)]
            best.append(self._articles[place][fit.index(max(fit))])
        return Found(chosen, best, signs, said is not None and said in chosen[:1])

    def same(self, piece: Piece) -> Piece | None:
        """Give the passage that says here what a passage of another language says."""
        place = self._places.get(piece.article.slug)
        return None if place is None else self._articles[place][min(piece.number, len(self._articles[place]) - 1)]
