"""How much of a question an article covers.

A question's terms weigh the more the rarer they are; what counts is the weight of those that an article has, over the
weight of all of them (BM25's weights and saturation, Robertson and Zaragoza 2009; titles and keywords count as several
mentions, as in BM25F).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from crm_core.knowledge.passages import Piece
from crm_core.knowledge.terms import is_loose, meanings, terms

_SATURATION, _LENGTH = 2.0, 0.3  # k1 and b of BM25
_TITLE, _KEYWORDS, _HEADING = 6.0, 3.0, 2.0  # mentions that one mention there counts as
_SINGLE = 0.3  # weight of a single Chinese character beside a pair
_UNKNOWN = 0.4  # weight of a term that no article has beside one that is as rare as can be
_MEANT = 0.7  # strength of another word of the same meaning


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's terms with their weights."""

    weights: Mapping[str, float]
    unknown: float  # share of the weight that no article has, in [0, 1]


class Coverage:
    """The terms of the articles of one language.

    Args:
        cut: Each article's passages.
    """

    def __init__(self, cut: Sequence[Sequence[Piece]]) -> None:
        mentions = [[_mentions(piece) for piece in pieces] for pieces in cut]
        lengths = [sum(counts.values()) for counted in mentions for counts in counted]
        self._usual = sum(lengths) / max(len(lengths), 1) or 1.0
        self._pieces = [[self._strengths(counts) for counts in counted] for counted in mentions]
        self._holders: dict[str, dict[int, float]] = defaultdict(dict)
        for place, strengths in enumerate(self._pieces):
            for strength in strengths:
                for term, value in strength.items():
                    self._holders[term][place] = max(self._holders[term].get(place, 0.0), value)

    def weigh(self, question: str) -> Weighed:
        """Weigh the terms of a question: rare ones most, single characters little, accidents of grammar not at all."""
        found = {}
        unknown = 0.0
        for term in set(terms(question)):
            alike = meanings().get(term, ())
            known = len(self._holders.get(term, ())) or max((len(self._holders.get(o, ())) for o in alike), default=0)
            if not known and is_loose(term):
                continue
            weight = math.log(1 + (len(self._pieces) - known + 0.5) / (known + 0.5))
            weight *= _SINGLE if not term.isascii() and len(term) == 1 else 1.0
            found[term] = weight if known else weight * _UNKNOWN
            unknown += 0.0 if known else found[term]
        return Weighed(found, unknown / (sum(found.values()) or 1.0))

    def of_articles(self, weighed: Weighed) -> np.ndarray:
        """Give the share of a question that each article covers, in [0, 1]."""
        covered = np.zeros(len(self._pieces))
        for term, weight in weighed.weights.items():
            strongest = dict(self._holders.get(term, {}))
            for other in meanings().get(term, ()):
                for place, value in self._holders.get(other, {}).items():
                    strongest[place] = max(strongest.get(place, 0.0), _MEANT * value)
            if strongest:
                covered[list(strongest)] += weight * np.fromiter(strongest.values(), float, len(strongest))
        return covered / (sum(weighed.weights.values()) or 1.0)

    def of_pieces(self, weighed: Weighed, place: int) -> list[float]:
        """Give the share of a question that each passage of one article covers, in [0, 1]."""
        total = sum(weighed.weights.values()) or 1.0
        return [
            sum(weight * _strength(term, strengths) for term, weight in weighed.weights.items()) / total
            for strengths in self._pieces[place]
        ]

    def _strengths(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Dampen repeated mentions, and mentions in long passages; in (0, 1)."""
        room = _SATURATION * (1 - _LENGTH + _LENGTH * sum(counts.values()) / self._usual)
        return {term: count / (count + room) for term, count in counts.items()}


def _strength(term: str, strengths: Mapping[str, float]) -> float:
    """Give how strong a term is in a passage: by itself or, less, by another of the same meaning."""
    meant = max((strengths.get(other, 0.0) for other in meanings().get(term, ())), default=0.0)
    return max(strengths.get(term, 0.0), _MEANT * meant)


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
