"""Vectors of single words, for questions that no sentence encoder can read; they come with the program.

`wordlists/words.npz` has some ten thousand English and Chinese words of everyday and customer-service talk, each with
the vector that multilingual-e5-small (MIT licence) gives it, centred, turned to its 128 main directions, weighted by
how rare the word is (Arora et al. 2017), one byte a number. `scripts/word_vectors.py` makes the file.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np

_FILE = Path(__file__).parent / "wordlists" / "words.npz"
_RUNS = re.compile(r"[a-z]+(?:'[a-z]+)?|[㐀-䶿一-鿿]+")
_LONGEST = 4  # characters of a Chinese word


class WordVectors:
    """The mean of its words' vectors stands for a sentence.

    Args:
        words: The words that are known.
        vectors: One for each, shape (words, dimensions).
    """

    name = "words"

    def __init__(self, words: Sequence[str], vectors: np.ndarray) -> None:
        self._rows = {word: row for row, word in enumerate(words)}
        self._vectors = vectors

    @classmethod
    def kept(cls) -> WordVectors:
        """Give those that come with the program."""
        return _kept()

    def knows(self, text: str) -> bool:
        """Tell whether any word of a text is known."""
        return any(word in self._rows for word in self._words(text))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give one vector of length one for each text; of length nought where no word is known."""
        found = np.zeros((len(texts), self._vectors.shape[1]), dtype=np.float32)
        for place, text in enumerate(texts):
            rows = [self._rows[word] for word in self._words(text) if word in self._rows]
            if rows:
                found[place] = self._vectors[rows].sum(axis=0)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(lengths, 1e-9), dtype=np.float32)

    def _words(self, text: str) -> Iterator[str]:
        """Cut a text into words: Chinese by the longest that is known."""
        for run in _RUNS.findall(unicodedata.normalize("NFKC", text).lower().replace("’", "'")):
            start = 0 if not run.isascii() else len(run)
            if run.isascii():
                yield run
            while start < len(run):
                ends = range(min(start + _LONGEST, len(run)), start, -1)
                end = next((end for end in ends if run[start:end] in self._rows), start + 1)
                yield run[start:end]
                start = end


@cache
def _kept() -> WordVectors:
    with np.load(_FILE, allow_pickle=False) as file:
        vectors = file["vectors"].astype(np.float32) * file["scales"][:, None]
        return WordVectors(str(file["words"]).split(), vectors)
