"""Finds the passage that answers a question, and knows when none does.

A passage is scored by how much of the question it covers: the weight of the question's terms that it has, over the
weight of all of them, rare terms weighing more and terms that no article has weighing most (BM25's weights and
saturation, Robertson and Zaragoza 2009; titles and keywords count as several mentions, as in BM25F). A logistic curve
turns coverage into the probability that the passage answers the question; its two numbers were fitted on the questions
in `tests/crm_core/knowledge/questions.csv` (`benchmarks/knowledge.py` fits and measures anew).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from crm_core.knowledge.passages import Piece, pieces
from crm_core.knowledge.terms import is_loose, meanings, terms
from crm_core.language import detect_language
from crm_core.records.knowledge import Article
from crm_core.records.shop import Passage

THRESHOLD = 0.5
"""Below this probability the articles do not say."""

SLOPE, OFFSET = 15.4, -4.2  # of the logistic curve over coverage
_SATURATION, _LENGTH = 2.0, 0.3  # k1 and b of BM25
_TITLE, _KEYWORDS, _HEADING = 6.0, 3.0, 2.0  # mentions that one mention there counts as
_SINGLE = 0.3  # weight of a single Chinese character beside a pair
_UNKNOWN = 0.4  # weight of a term that no article has beside one that is as rare as can be
_MEANT = 0.7  # strength of another word of the same meaning
_MOST = 5


class Index:
    """The passages of a set of articles.

    Args:
        articles: In any of our languages.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._shelves = {
            language: _Shelf([article for article in articles if article.language == language])
            for language in {article.language for article in articles}
        }

    def search(self, question: str, language: str) -> list[Passage]:
        """Give the passages that may answer a question, best first, one an article.

        Args:
            question: In any of our languages; it is looked for in the articles of its own language and answered from
                the same articles in the other language where that was asked for.
            language: The language to answer in.
        """
        spoken = self._shelves.get(detect_language(question, language))
        if spoken is None:
            return []
        return [self._passage(piece, covered, language) for piece, covered in spoken.best(question, _MOST)]

    def _passage(self, piece: Piece, covered: float, language: str) -> Passage:
        asked_for = self._shelves.get(language)
        shown = (asked_for.same(piece) if asked_for else None) or piece
        return Passage(
            slug=shown.article.slug,
            title=shown.article.title,
            text=shown.text,
            language=shown.article.language,
            category=shown.article.category,
            score=probability(covered),
        )


class _Shelf:
    """The articles of one language, found by their terms."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._articles = [pieces(article) for article in articles]
        self._places = {article.slug: place for place, article in enumerate(articles)}
        by_piece = [[_mentions(piece) for piece in cut] for cut in self._articles]
        lengths = [sum(counts.values()) for cut in by_piece for counts in cut]
        self._usual = sum(lengths) / max(len(lengths), 1) or 1.0
        self._pieces = [[self._strengths(counts) for counts in cut] for cut in by_piece]
        self._whole = [_highest(cut) for cut in self._pieces]
        self._spread = Counter(term for whole in self._whole for term in whole)

    def best(self, question: str, most: int) -> list[tuple[Piece, float]]:
        """Give the best passage of each of the best articles, with how much of the question is covered, in [0, 1]."""
        weights = self._weights(question)
        total = sum(weights.values())
        if not total:
            return []
        covered = {place: _covered(weights, whole) / total for place, whole in enumerate(self._whole)}
        chosen = sorted(covered, key=lambda place: (-covered[place], place))[:most]
        return [(self._best_piece(place, weights), covered[place]) for place in chosen if covered[place] > 0]

    def same(self, piece: Piece) -> Piece | None:
        """Give the passage that says here what a passage of another language says."""
        place = self._places.get(piece.article.slug)
        cut = self._articles[place] if place is not None else []
        return cut[min(piece.number, len(cut) - 1)] if cut else None

    def _best_piece(self, place: int, weights: dict[str, float]) -> Piece:
        strengths = self._pieces[place]
        number = max(range(len(strengths)), key=lambda number: (_covered(weights, strengths[number]), -number))
        return self._articles[place][number]

    def _weights(self, question: str) -> dict[str, float]:
        """Weigh the terms of a question: rare ones most, single characters little, accidents of grammar not at all."""
        found = {}
        for term in set(terms(question)):
            known = self._spread[term] or max((self._spread[other] for other in meanings().get(term, ())), default=0)
            if not known and is_loose(term):
                continue
            count = len(self._articles)
            weight = math.log(1 + (count - known + 0.5) / (known + 0.5))
            single = not term.isascii() and len(term) == 1
            found[term] = weight * (_SINGLE if single else 1.0) * (1.0 if known else _UNKNOWN)
        return found

    def _strengths(self, counts: dict[str, float]) -> dict[str, float]:
        """Dampen repeated mentions, and mentions in long passages; in (0, 1)."""
        room = _SATURATION * (1 - _LENGTH + _LENGTH * sum(counts.values()) / self._usual)
        return {term: count / (count + room) for term, count in counts.items()}


def _covered(weights: dict[str, float], strengths: dict[str, float]) -> float:
    """Add up the weights that a passage has, each by the term itself or, less, by another of the same meaning."""
    total = 0.0
    for term, weight in weights.items():
        meant = max((strengths.get(other, 0.0) for other in meanings().get(term, ())), default=0.0)
        total += weight * max(strengths.get(term, 0.0), _MEANT * meant)
    return total


def _highest(cut: list[dict[str, float]]) -> dict[str, float]:
    whole: dict[str, float] = {}
    for strengths in cut:
        for term, strength in strengths.items():
            whole[term] = max(whole.get(term, 0.0), strength)
    return whole


def probability(covered: float) -> float:
    """Turn coverage into the probability that the passage answers the question."""
    return 1 / (1 + math.exp(-(SLOPE * covered + OFFSET)))


def _mentions(piece: Piece) -> dict[str, float]:
    """Count terms; the article's title and keywords stand behind each of its passages."""
    counts: dict[str, float] = defaultdict(float)
    parts = (
        (piece.text, 1.0),
        (piece.heading, _HEADING),
        (piece.article.title, _TITLE),
        (" ; ".join(piece.article.keywords), _KEYWORDS),
    )
    for text, weight in parts:
        for term, count in Counter(terms(text)).items():
            counts[term] += weight * count
    return counts
