"""How alike in meaning a question and an article are: vectors of sentences, from an encoder that is passed in.

Without one there are the vectors of single words (`wordvectors.py`), which know less and are always there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from crm_core.knowledge.asked import Asked
from crm_core.knowledge.passages import Piece

_REMEMBERED = 20_000  # texts; some 30 MB


@dataclass(frozen=True, slots=True)
class Rows:
    """The cosines of one question."""

    passages: np.ndarray
    asked: np.ndarray  # with the known questions


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
        asked: The questions that they are known to answer.
        encoder: Makes the vectors.
    """

    def __init__(self, cut: Sequence[Sequence[Piece]], asked: Asked, encoder: Encoder) -> None:
        self._encoder = encoder
        passages = [f"{piece.article.title}. {piece.text}" for pieces in cut for piece in pieces]
        self._first = np.cumsum([0, *(len(pieces) for pieces in cut[:-1])])  # of each article's passages
        self._owners = asked.owners
        self._passages = len(passages)
        encode = encoder.remember if isinstance(encoder, Remembering) else encoder.encode
        self._vectors = encode([*passages, *asked.texts])

    @property
    def asked(self) -> np.ndarray:
        """The vectors of the known questions, one a row."""
        return self._vectors[self._passages :]

    def rows(self, question: str) -> Rows:
        """Give the cosines of a question with the passages and with the known questions."""
        cosines = self._vectors @ self._encoder.encode([question])[0]
        return Rows(cosines[: self._passages], cosines[self._passages :])

    def of_articles(self, rows: Rows) -> np.ndarray:
        """Give the highest cosine of each article."""
        highest = np.maximum.reduceat(rows.passages, self._first)
        np.maximum.at(highest, self._owners, rows.asked)
        return highest

    def of_pieces(self, rows: Rows, place: int, count: int) -> list[float]:
        """Give the cosine of each passage of one article."""
        first = self._first[place]
        return [float(value) for value in rows.passages[first : first + count]]
