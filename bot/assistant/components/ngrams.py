"""The features of a message: n-grams of words, of the characters in each word, and concepts, weighted by TF-IDF."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
from scipy.sparse import csr_matrix

from bot.assistant.components.concepts import concepts_of

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
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower().replace("’", "'")
    for pattern, mask in _MASKS:
        text = pattern.sub(mask, text)
    return text


def word_ngrams(text: str) -> Iterable[str]:
    """Yield the n-grams of Latin words and single Han characters of a normalised text."""
    words = _WORD.findall(text)
    for size in range(WORDS[0], WORDS[1] + 1):
        for start in range(len(words) - size + 1):
            yield " ".join(words[start : start + size])


def character_ngrams(text: str) -> Iterable[str]:
    """Yield the character n-grams inside each word (or run of Han characters), borders marked by a space."""
    for run in _RUN.findall(text):
        padded = f" {run} "
        for size in range(CHARACTERS[0], CHARACTERS[1] + 1):
            for start in range(len(padded) - size + 1):
                yield padded[start : start + size]


def concept_pairs(text: str) -> Iterable[str]:
    """Yield the concepts of a normalised text, and each two that stand together in it."""
    concepts = concepts_of(text)
    yield from concepts
    for first, second in combinations(concepts, 2):
        yield f"{first}+{second}"


_BLOCKS = (("w:", word_ngrams), ("c:", character_ngrams), ("k:", concept_pairs))


class NgramVectorizer:
    """Texts to sublinear TF-IDF rows, each block (words, characters, concepts) of length one.

    Args:
        vocabulary: The n-gram of each column.
        idf: The inverse document frequency of each column.

    Attributes:
        columns: The column of each n-gram.
    """

    def __init__(self, vocabulary: Sequence[str], idf: np.ndarray) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = idf.astype(np.float32)
        self.columns = {ngram: column for column, ngram in enumerate(self.vocabulary)}

    @classmethod
    def fit(cls, texts: Sequence[str], *, min_documents: int = 2) -> NgramVectorizer:
        """Learn which n-grams there are and how rare each is."""
        documents: Counter[str] = Counter()
        for text in texts:
            normal = normalise(text)
            documents.update({prefix + gram for prefix, ngrams in _BLOCKS for gram in ngrams(normal)})
        vocabulary = sorted(gram for gram, count in documents.items() if count >= min_documents)
        idf = [math.log((1 + len(texts)) / (1 + documents[gram])) + 1 for gram in vocabulary]
        return cls(vocabulary, np.array(idf, dtype=np.float32))

    def row(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Return the columns that a text fills and the weight of each; both empty when it shares nothing."""
        normal = normalise(text)
        blocks = [self._block(prefix, ngrams(normal)) for prefix, ngrams in _BLOCKS]
        columns = np.concatenate([columns for columns, _ in blocks])
        return columns, np.concatenate([weights for _, weights in blocks])

    def known_share(self, text: str) -> float:
        """Return which share of a text's words some example has, in [0, 1]; 0 for a text without words."""
        words = _WORD.findall(normalise(text))
        return sum(f"w:{word}" in self.columns for word in words) / max(len(words), 1)

    def _block(self, prefix: str, ngrams: Iterable[str]) -> tuple[np.ndarray, np.ndarray]:
        counts = Counter(self.columns.get(prefix + gram, -1) for gram in ngrams)
        counts.pop(-1, None)
        columns = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        weights = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(weights)) * self.idf[columns]
        return columns, weights / max(float(np.linalg.norm(weights)), 1e-9)

    def matrix(self, texts: Sequence[str]) -> csr_matrix:
        """Return the rows of several texts, shape (texts, n-grams)."""
        rows = [self.row(text) for text in texts]
        lengths = np.cumsum([0] + [len(columns) for columns, _ in rows])
        indices = np.concatenate([columns for columns, _ in rows])
        data = np.concatenate([weights for _, weights in rows])
        return csr_matrix((data, indices, lengths), shape=(len(texts), len(self.vocabulary)))
