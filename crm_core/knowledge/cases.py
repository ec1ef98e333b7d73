"""Which of the questions that people have answered before are most like one that is asked now."""

from __future__ import annotations

from collections.abc import Sequence

from crm_core.knowledge.grouping import vectors
from crm_core.knowledge.terms import grams

ALIKE = 0.5
"""Cosine from which an earlier answer is worth a look; higher than for a group, where the mean of many decides."""


def most_alike(question: str, known: Sequence[str], *, least: float = ALIKE) -> list[int]:
    """Give the places of the known questions that are like one, the most alike first.

    Args:
        question: As the customer put it.
        known: Questions in the same language.
        least: The cosine from which one is alike.
    """
    telling = [place for place, text in enumerate(known) if grams(text)]
    if not telling or not grams(question):
        return []
    made = vectors([question, *(known[place] for place in telling)])
    likeness = (made[1:] @ made[0].T).toarray().ravel()
    found = sorted(zip(likeness, telling, strict=True), key=lambda pair: (-pair[0], pair[1]))
    return [place for alike, place in found if alike >= least]
