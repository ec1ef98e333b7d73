"""How well a question fits those that an article is known to answer.

A question is the pieces of its words (`grams`, weighed by TF-IDF) beside its sentence vector. The known questions that
are most alike vote by regularised least squares among themselves (Rifkin 2003, done locally as in Zhang et al. 2006,
"SVM-KNN"), so that words which many articles' questions share decide nothing, and nothing is trained beforehand.
"""

from __future__ import annotations

import math
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from crm_core.knowledge.passages import Piece
from crm_core.knowledge.terms import grams

_NEIGHBOURS = 150
_RIDGE = 1.0


@dataclass(frozen=True, slots=True)
class Votes:
    """What the known questions say of a question."""

    articles: np.ndarray  # about 0 to 1 for each article
    nearest: np.ndarray  # cosine with the pieces of words of each article's most alike question, in [0, 1]


class Asked:
    """The questions that the articles of one language are known to answer; titles and keywords are such, too.

    Args:
        cut: Each article's passages.
    """

    def __init__(self, cut: Sequence[Sequence[Piece]]) -> None:
        self.texts: list[str] = []
        owners: list[int] = []
        for place, pieces in enumerate(cut):
            article = pieces[0].article
            texts = dict.fromkeys((article.title, *article.keywords, *article.questions))
            self.texts += texts
            owners += [place] * len(texts)
        self.owners = np.array(owners)
        self._verbatim: dict[str, set[int]] = defaultdict(set)
        for text, place in zip(self.texts, owners, strict=True):
            self._verbatim[_bare(text)].add(place)
        self._articles = len(cut)
        counted = [Counter(grams(text)) for text in self.texts]
        holders = Counter(gram for counts in counted for gram in counts)
        self._columns = {gram: column for column, gram in enumerate(holders)}
        self._rarity = {gram: math.log((1 + len(counted)) / (1 + count)) + 1 for gram, count in holders.items()}
        self._unknown = math.log(1 + len(counted)) + 1
        self._known = self._matrix(counted)

    def owner(self, question: str) -> int | None:
        """Give the one article that somebody said answers this very question."""
        owners = self._verbatim.get(_bare(question), ())
        return next(iter(owners)) if len(owners) == 1 else None

    def votes(self, question: str, alike: np.ndarray, vectors: np.ndarray) -> Votes:
        """Let the known questions vote.

        Args:
            question: What is asked.
            alike: The cosine of its sentence vector with that of each known question, in the order of `texts`.
            vectors: Those of the known questions, one a row.
        """
        shared = (self._known @ self._matrix([Counter(grams(question))]).T).toarray()[:, 0]
        fits = shared + alike
        near = np.argsort(-fits, kind="stable")[:_NEIGHBOURS]
        among = (self._known[near] @ self._known[near].T).toarray() + vectors[near] @ vectors[near].T
        among[np.diag_indices(len(near))] += _RIDGE
        owners = np.eye(self._articles)[self.owners[near]]
        nearest = np.zeros(self._articles)
        np.maximum.at(nearest, self.owners, shared)
        return Votes(fits[near] @ np.linalg.solve(among, owners), nearest)

    def _matrix(self, counted: Sequence[Mapping[str, int]]) -> csr_matrix:
        """Weigh pieces of words by TF-IDF, each text to length one; what no article asks counts in the length only."""
        rows, columns, values = [], [], []
        for row, counts in enumerate(counted):
            weights = {
                gram: (1 + math.log(count)) * self._rarity.get(gram, self._unknown) for gram, count in counts.items()
            }
            length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
            for gram in weights.keys() & self._columns.keys():
                rows.append(row)
                columns.append(self._columns[gram])
                values.append(weights[gram] / length)
        return csr_matrix((values, (rows, columns)), shape=(len(counted), len(self._columns)))


def _bare(text: str) -> str:
    """Give a text without what a question may be written with or without: its case, spaces and marks."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", text).casefold()))
