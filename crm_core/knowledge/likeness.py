"""How alike in meaning a question and an article are: vectors of sentences, from an encoder that is passed in.

Without one there are the vectors of single words (`wordvectors.py`), which know less and are always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from crm_core.knowledge.passages import Piece

_REMEMBERED = 20_000  # texts; some 30 MB


class Encoder(Protocol):
    """What turns sentences into vectors of length one; alike in meaning, alike in direction."""

    @property
    def name(self) -> str:
        """What it is known by; `calibration.json` has numbers for it under the part before the colon."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give one vector of length one for each text."""

    def knows(self, text: str) -> bool:
        """Tell whether it has learnt the script of a text."""


class Remembering:
    """An encoder that does not encode a text of the articles twice.

    Args:
        encoder: What encodes.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, np.ndarray] = {}  # in the order in which the texts were last used
        self.name = encoder.name
        self.knows = encoder.knows
        self.encode = encoder.encode

    def remember(self, texts: Sequence[str]) -> np.ndarray:
        """Give the vectors of the articles' texts."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        fresh = dict(zip(new, self._encoder.encode(new), strict=True)) if new else {}
        used = {text: fresh[text] if text in fresh else self._known.pop(text) for text in dict.fromkeys(texts)}
        self._known |= used
        for text in list(self._known)[: max(0, len(self._known) - max(_REMEMBERED, len(used)))]:
            del self._known[text]
        return np.stack([used[text] for text in texts])


class Likeness:
    """The vectors of the articles of one language.

    Args:
        cut: Each article's passages; at least one.
        encoder: Makes the vectors.
    """

    def __init__(self, cut: Sequence[Sequence[Piece]], encoder: Encoder) -> None:
        self._encoder = encoder
        self._first: list[int] = []  # of each article's rows; its passages come first
        texts: list[str] = []
        for pieces in cut:
            article = pieces[0].article
            self._first.append(len(texts))
            texts += [f"{article.title}. {piece.text}" for piece in pieces]
            texts += [article.title, *article.keywords]
        encode = encoder.remember if isinstance(encoder, Remembering) else encoder.encode
        self._vectors = encode(texts)

    def rows(self, question: str) -> np.ndarray:
        """Give the cosine of a question with each text of the articles."""
        return np.asarray(self._vectors @ self._encoder.encode([question])[0])

    def of_articles(self, rows: np.ndarray) -> np.ndarray:
        """Give the highest cosine of each article."""
        return np.maximum.reduceat(rows, self._first)

    def of_pieces(self, rows: np.ndarray, place: int, count: int) -> list[float]:
        """Give the cosine of each passage of one article."""
        first = self._first[place]
        return [float(value) for value in rows[first : first + count]]
