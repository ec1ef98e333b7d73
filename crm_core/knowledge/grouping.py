"""Questions that are alike, by the pieces of words that they share and by what their words mean.

A question is, in equal parts, its character n-grams (3 to 5) of English stems and its pairs of Chinese characters,
without the words that say nothing, weighed by TF-IDF; and the mean vector of its words (`wordvectors.py`). It joins the
group whose members are on average most alike (cosine); what joins none is put together by average-linkage clustering at
the same likeness, so that groups that a manager has already decided on stay what they are.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from crm_core.knowledge.terms import grams
from crm_core.knowledge.wordvectors import WordVectors

ALIKE = 0.35
"""Mean cosine from which questions are alike; chosen, with the equal parts, on the fitted half of our own questions and
on Banking77's ten-shot training texts (`benchmarks/question_groups.py`)."""

_HALF = math.sqrt(0.5)

Place = str | int | None


def place(texts: Sequence[str], groups: Mapping[str, Sequence[str]] | None = None) -> list[Place]:
    """Give the group of each question.

    Args:
        texts: The questions, all of one language.
        groups: The members of the groups that there are, by key.

    Returns:
        For each question the key of the group that it joins, or the number (from 0) of a new group; None for one that
        says nothing.
    """
    groups = groups or {}
    telling = [number for number, text in enumerate(texts) if grams(text)]
    placed: list[Place] = [None] * len(texts)
    if not telling:
        return placed
    members = [(key, text) for key, known in groups.items() for text in known if grams(text)]
    made = vectors([*(texts[number] for number in telling), *(text for _, text in members)])
    fresh, known = made[: len(telling)], made[len(telling) :]
    joined = _joined(fresh, known, [key for key, _ in members])
    for number, key in zip(telling, joined, strict=True):
        placed[number] = key
    alone = [row for row, key in enumerate(joined) if key is None]
    for row, group in zip(alone, _clusters(fresh[alone]), strict=True):
        placed[telling[row]] = group
    return placed


def vectors(texts: Sequence[str]) -> Any:
    """Give one vector of length at most one for each text, a row each."""
    from scipy.sparse import csr_matrix, hstack
    from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second to import, and few processes group

    pieces = TfidfVectorizer(analyzer=grams, sublinear_tf=True).fit_transform(texts)
    meant = csr_matrix(WordVectors.kept().encode(texts))
    return hstack([_HALF * pieces, _HALF * meant], format="csr")


def _joined(fresh: Any, known: Any, keys: Sequence[str]) -> list[str | None]:
    """Give for each vector the key of the group to which it is most alike, None where it is alike to none."""
    if not keys:
        return [None] * fresh.shape[0]
    names = sorted(set(keys))
    likeness = (fresh @ known.T).toarray()
    columns = {name: [at for at, key in enumerate(keys) if key == name] for name in names}
    means = [[row[columns[name]].mean() for name in names] for row in likeness]
    best = [max(range(len(names)), key=lambda at, row=row: row[at]) for row in means]  # type: ignore[misc]
    return [names[at] if row[at] >= ALIKE else None for row, at in zip(means, best, strict=True)]


def _clusters(vectors: Any) -> list[int]:
    if vectors.shape[0] < 2:
        return [0] * vectors.shape[0]
    from sklearn.cluster import AgglomerativeClustering

    distances = (1.0 - (vectors @ vectors.T).toarray()).clip(min=0.0)
    made = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1.0 - ALIKE
    )
    return [int(label) for label in made.fit_predict(distances)]
