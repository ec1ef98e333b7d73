"""What one set of examples teaches before any probability: a score for each intent, and how near an example is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.assistant.components.concepts import Concepts
from bot.assistant.components.linear import Linear, fit_linear
from bot.assistant.components.nearest import Nearest
from bot.assistant.components.ngrams import NgramVectorizer

_LIKELY = 2  # intents, of each of the two parts, among whose examples the nearest is sought
_LIKE = 6  # intents by sentence vectors whose examples are compared with a text
_C_OF_VECTORS = 30.0


@dataclass(frozen=True)
class Recipe:
    """How a scorer is made.

    Attributes:
        C: The inverse strength of the regularisation of the n-grams' weights.
        min_documents: How many examples must have an n-gram for it to count.
        concepts: Words that mean the same in one trade.
    """

    C: float = 10.0
    min_documents: int = 1
    concepts: Concepts | None = None


@dataclass(frozen=True)
class Examples:
    """Texts with the number of their intent, and with their sentence vectors where there are any.

    Attributes:
        texts: The texts.
        classes: The number of the intent of each.
        count: How many intents there are.
        vectors: One for each text; zeros where the encoder does not know the script. None without an encoder.
        retold: The same wishes in other words, for the n-grams only: (text, class).
    """

    texts: Sequence[str]
    classes: np.ndarray
    count: int
    vectors: np.ndarray | None = None
    retold: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True)
class Evidence:
    """What speaks for each intent.

    Attributes:
        lite: The score of each intent by n-grams.
        dense: The same by the sentence vector; None where the text has none.
        nearness: The cosine of the nearest example, by n-grams.
        likeness: The same by sentence vectors.
        shares: How the examples that are like the text by its sentence vector divide among the intents; None without.
    """

    lite: np.ndarray
    dense: np.ndarray | None
    nearness: float
    likeness: float
    shares: np.ndarray | None = None


@dataclass(frozen=True)
class Scorer:
    """Weights for n-grams and, with an encoder, for the dimensions of sentence vectors; and the examples themselves."""

    vectorizer: NgramVectorizer
    lite: Linear
    dense: Linear | None
    nearest: Nearest

    @classmethod
    def fit(cls, examples: Examples, recipe: Recipe) -> Scorer:
        """Learn from examples."""
        retold = [text for text, _ in examples.retold]
        texts = [*examples.texts, *retold]
        classes = np.concatenate([examples.classes, np.array([each for _, each in examples.retold], dtype=np.int64)])
        vectorizer = NgramVectorizer.fit(texts, min_documents=recipe.min_documents, concepts=recipe.concepts)
        rows = vectorizer.matrix(texts)
        own = len(examples.texts)
        return cls(
            vectorizer,
            fit_linear(rows, classes, examples.count, recipe.C),
            _fit_dense(examples),
            Nearest.fit(rows[:own], examples.classes, examples.count, examples.vectors),
        )

    def evidence(self, text: str, vector: np.ndarray | None = None) -> Evidence:
        """Return what speaks for each intent.

        Args:
            text: A message.
            vector: Its sentence vector, if it has one.
        """
        columns, values = self.vectorizer.row(text)
        lite = self.lite.scores(columns, values)
        dense = None if vector is None or self.dense is None else vector @ self.dense.weights + self.dense.bias
        likely = {*_best(lite), *(() if dense is None else _best(dense))}
        nearness = self.nearest.cosine(columns, values, sorted(likely))
        if vector is None or dense is None:
            return Evidence(lite, None, nearness, 0.0)
        shares = self.nearest.shares(vector, _best(dense, _LIKE))
        return Evidence(lite, dense, nearness, self.nearest.likeness(vector, sorted(likely)), shares)


def _fit_dense(examples: Examples) -> Linear | None:
    if examples.vectors is None:
        return None
    known = examples.vectors.any(axis=1)
    if len(set(examples.classes[known])) < 2:
        return None
    return fit_linear(examples.vectors[known], examples.classes[known], examples.count, _C_OF_VECTORS)


def _best(scores: np.ndarray, many: int = _LIKELY) -> list[int]:
    return [int(each) for each in np.argsort(scores)[-many:]]
