"""Questions that are alike, found by the stems and pieces of words that they share.

A question is its character n-grams (3 to 5) of English stems and its pairs of Chinese characters, without the words
that say nothing, weighed by TF-IDF. It joins the group whose members are on average most alike (cosine), and what
joins none is put together by average-linkage clustering at the same likeness, so that groups that a manager has
already decided on stay what they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm_core.knowledge.terms import terms

ALIKE = 0.3
"""Mean cosine from which questions are alike; chosen on the fitted half of `tests/crm_core/knowledge/questions.csv`
and on Banking77's ten-shot training texts (the best adjusted Rand index lies between 0.25 and 0.35 on both)."""

_LENGTHS = (3, 4, 5)

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
    vectors = _vectors([*(texts[number] for number in telling), *(text for _, text in members)])
    fresh, known = vectors[: len(telling)], vectors[len(telling) :]
    joined = _joined(fresh, known, [key for key, _ in members])
    for number, key in zip(telling, joined, strict=True):
        placed[number] = key
    alone = [row for row, key in enumerate(joined) if key is None]
    for row, group in zip(alone, _clusters(fresh[alone]), strict=True):
        placed[telling[row]] = group
    return placed


def grams(text: str) -> list[str]:
    """Give what a question is compared by."""
    found: list[str] = []
    for term in terms(text):
        edged = f"<{term}>"
        if not term.isascii() or len(edged) <= _LENGTHS[0]:
            found.append(term)
            continue
        found.extend(edged[start : start + size] for size in _LENGTHS for start in range(len(edged) - size + 1))
    return found


def _vectors(texts: Sequence[str]) -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer  # takes a second to import, and few processes group

    return TfidfVectorizer(analyzer=grams, sublinear_tf=True).fit_transform(texts)


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
