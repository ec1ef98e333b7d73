"""The features of a message: n-grams of words, of the characters in each word, and concepts, weighted by TF-IDF."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from bot.assistant.components.concepts import Concepts
from bot.assistant.components.normalisation import plain
from bot.assistant.components.training_memory import once

WORDS = (1, 2)
CHARACTERS = (1, 4)
LONGEST = 2_000  # characters; what comes after them changes no intent and only costs time

_MASKS = (
    (re.compile(r"^\s*/\w+(?:\{.*)?", re.DOTALL), " "),  # a typed command means nothing
    (re.compile(r"[a-z0-9._%+-]+@[a-z0-9.-]+"), " zemailz "),
    (re.compile(r"(?<![a-z0-9])(?:rp[\s-]?\d{6}|c?\d{6})(?![a-z0-9])"), " zorderz "),
    (re.compile(r"\d+"), "0"),
)
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:'[^\W\d_{_HAN}]+)?|\?")
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:'[^\W\d_{_HAN}]+)?")


def normalise(text: str) -> str:
    """Return the text with one form per character, lower case, and values (numbers, e-mails) masked.

    >>> normalise("Where is RP100234？")
    'where is  zorderz ?'
    """
    text = plain(text[:LONGEST])[:LONGEST].lower()
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def word_ngrams(words: Sequence[str]) -> list[str]:
    """Return the n-grams of a text's words; a Latin word counts as one, and so does a Han character."""
    grams = list(words)
    for size in range(WORDS[0] + 1, WORDS[1] + 1):
        grams += [" ".join(words[start : start + size]) for start in range(len(words) - size + 1)]
    return grams


def character_ngrams(run: str) -> list[str]:
    """Return the character n-grams of one word (or run of Han characters), its borders marked by a space."""
    padded = f" {run} "
    sizes = range(CHARACTERS[0], CHARACTERS[1] + 1)
    grams = [padded[start : start + size] for size in sizes for start in range(len(padded) - size + 1)]
    return [gram for gram in grams if gram != " "]  # a border alone is in every text, and all that strange ones have


class NgramVectorizer:
    """Texts to sublinear TF-IDF rows, each block (words, characters, concepts) of length one.

    Args:
        vocabulary: The n-gram of each column, with its block's letter before it (`w:`, `c:`, `k:`).
        idf: The inverse document frequency of each column.
        concepts: Words that mean the same in one trade; without them, there is no third block.
    """

    def __init__(self, vocabulary: Sequence[str], idf: np.ndarray, concepts: Concepts | None = None) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = idf.astype(np.float32)
        self.concepts = concepts
        blocks: dict[str, dict[str, int]] = {"w": {}, "c": {}, "k": {}}
        for column, gram in enumerate(self.vocabulary):
            blocks[gram[0]][gram[2:]] = column
        self._words, self._characters, self._concepts = blocks.values()

    @classmethod
    def fit(cls, texts: Sequence[str], *, min_documents: int = 1, concepts: Concepts | None = None) -> NgramVectorizer:
        """Learn which n-grams there are and how rare each is.

        Args:
            texts: The examples.
            min_documents: How many examples must have an n-gram for it to count.
            concepts: Words that mean the same.
        """
        documents: Counter[str] = Counter()
        for text in texts:
            documents.update(_all_grams(once(normalise, text), concepts))
        vocabulary = sorted(gram for gram, count in documents.items() if count >= min_documents)
        idf = [math.log((1 + len(texts)) / (1 + documents[gram])) + 1 for gram in vocabulary]
        return cls(vocabulary, np.array(idf, dtype=np.float32), concepts)

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns that a text fills and the weight of each; both empty when it shares nothing."""
        normal = once(normalise, text)
        words = [self._words.get(gram, -1) for gram in word_ngrams(_WORD.findall(normal))]
        characters = [column for run in _RUN.findall(normal) for column in once(self._columns_of_run, run)]
        concepts = self.concepts.pairs(normal) if self.concepts else ()
        blocks = (words, characters, [self._concepts.get(gram, -1) for gram in concepts])
        rows = [self._weighted(columns) for columns in blocks if columns]
        if not rows:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
        return np.concatenate([columns for columns, _ in rows]), np.concatenate([weights for _, weights in rows])

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Return the rows of several texts, shape (texts, n-grams)."""
        rows = [self.row(text) for text in texts]
        lengths = np.cumsum([0] + [len(columns) for columns, _ in rows])
        indices = np.concatenate([columns for columns, _ in rows])
        data = np.concatenate([weights for _, weights in rows])
        return csr_matrix((data, indices, lengths), shape=(len(texts), len(self.vocabulary)))

    def _columns_of_run(self, run: str) -> tuple[int, ...]:
        found = (self._characters.get(gram, -1) for gram in character_ngrams(run))
        return tuple(column for column in found if column >= 0)

    def _weighted(self, found: Iterable[int]) -> tuple[np.ndarray, np.ndarray]:
        counted = Counter(found)
        counted.pop(-1, None)
        columns = np.fromiter(counted.keys(), dtype=np.int64, count=len(counted))
        counts = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
        weights = (1 + np.log(counts)) * self.idf[columns]
        return columns, weights / max(float(np.sqrt(weights @ weights)), 1e-9)


def _all_grams(normal: str, concepts: Concepts | None) -> set[str]:
    grams = {f"w:{gram}" for gram in word_ngrams(_WORD.findall(normal))}
    grams.update(f"c:{gram}" for run in _RUN.findall(normal) for gram in character_ngrams(run))
    if concepts:
        grams.update(f"k:{gram}" for gram in concepts.pairs(normal))
    return grams
