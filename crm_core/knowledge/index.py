"""Finds the passage that answers a question, and knows when none does.

A passage is scored by how much of the question it covers: the weight of the question's terms that it has, over the
weight of all of them, rare terms weighing more and terms that no article has weighing most (BM25's weights and
saturation, Robertson and Zaragoza 2009; titles and keywords count as several mentions, as in BM25F). A logistic curve
turns coverage into the probability that the passage answers the question; its two numbers were fitted on the questions
in `tests/crm_core/knowledge/questions.csv` (`benchmarks/knowledge.py` fits and measures them anew).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from crm_core.knowledge.passages import Piece, pieces
from crm_core.knowledge.terms import is_loose, terms
from crm_core.language import detect_language
from crm_core.records.knowledge import Article
from crm_core.records.shop import Passage

THRESHOLD = 0.5
"""Below this probability the articles do not say."""

SLOPE, OFFSET = 9.0, -4.0  # of the logistic curve over coverage
_SATURATION, _LENGTH = 0.8, 0.4  # k1 and b of BM25
_TITLE, _KEYWORDS, _HEADING = 3.0, 3.0, 2.0  # mentions that one mention there counts as
_MOST = 5


class Index:
    """The passages of a set of articles.

    Args:
        articles: In any of our languages.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self._pieces = [piece for article in articles for piece in pieces(article)]
        self._at = {(each.article.slug, each.article.language, each.number): each for each in self._pieces}
        self._found_in: dict[str, dict[str, list[tuple[int, float]]]] = defaultdict(lambda: defaultdict(list))
        self._count: Counter[str] = Counter(each.article.language for each in self._pieces)
        mentions = [_mentions(piece) for piece in self._pieces]
        lengths = [sum(each.values()) for each in mentions]
        usual: dict[str, float] = defaultdict(float)
        for piece, length in zip(self._pieces, lengths, strict=True):
            usual[piece.article.language] += length / self._count[piece.article.language]
        for place, (piece, counts, length) in enumerate(zip(self._pieces, mentions, lengths, strict=True)):
            language = piece.article.language
            room = _SATURATION * (1 - _LENGTH + _LENGTH * length / (usual[language] or 1.0))
            for term, count in counts.items():
                self._found_in[language][term].append((place, count / (count + room)))

    def search(self, question: str, language: str) -> list[Passage]:
        """Give the passages that may answer a question, best first, one an article.

        Args:
            question: In any of our languages; a question in one language is answered from the articles in the other
                where it was asked to.
            language: The language to answer in.
        """
        spoken = detect_language(question, language)
        coverage = self.coverage(question, spoken)
        found: dict[str, Passage] = {}
        for place in sorted(coverage, key=lambda place: (-coverage[place], place)):
            piece = self._pieces[place]
            if piece.article.slug not in found:
                found[piece.article.slug] = self._passage(piece, coverage[place], language)
            if len(found) == _MOST:
                break
        return list(found.values())

    def coverage(self, question: str, language: str) -> dict[int, float]:
        """Give how much of a question each passage covers, in [0, 1]; passages that have nothing of it are left out."""
        known = self._found_in[language]
        wanted = {term for term in terms(question) if term in known or not is_loose(term)}
        weights = {term: self._weight(term, language) for term in wanted}
        total = sum(weights.values())
        sums: dict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            for place, strength in known.get(term, ()):
                sums[place] += weight * strength / total
        return sums

    def _weight(self, term: str, language: str) -> float:
        spread = len(self._found_in[language].get(term, ()))
        return math.log(1 + (self._count[language] - spread + 0.5) / (spread + 0.5))

    def _passage(self, piece: Piece, covered: float, language: str) -> Passage:
        article = piece.article
        shown = (
            self._at.get((article.slug, language, piece.number)) or self._at.get((article.slug, language, 0)) or piece
        )
        return Passage(
            slug=shown.article.slug,
            title=shown.article.title,
            text=shown.text,
            language=shown.article.language,
            category=shown.article.category,
            score=probability(covered),
        )


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
