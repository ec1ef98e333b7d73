"""The learnt part of the intent classifier: a linear support vector machine over n-grams, kept as plain arrays.

Nothing here needs Rasa, so the model of a trained assistant can be read and judged outside of it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from bot.assistant.components.frames import framed
from bot.assistant.components.ngrams import NgramVectorizer

_ARRAYS = "intents.npz"
_NAMES = "intents.json"
_HELD_OUT = 5
_ENOUGH_KNOWN = 0.5
_TEMPERATURES = [0.05 * step for step in range(1, 31)]


class IntentModel:
    """What was learnt: n-grams, intents and a weight for each pair.

    Args:
        vectorizer: Texts to rows.
        intents: The name of each column of `weights`.
        weights: Shape (n-grams, intents), float32: few rows are read per message.
        bias: Shape (intents,).
        temperature: What scores are divided by to become probabilities, fitted on held-out examples.
    """

    def __init__(
        self,
        vectorizer: NgramVectorizer,
        intents: Sequence[str],
        weights: np.ndarray,
        bias: np.ndarray,
        temperature: float = 0.3,
    ) -> None:
        self.vectorizer = vectorizer
        self.intents = list(intents)
        self.weights = np.ascontiguousarray(weights, dtype=np.float32)
        self.bias = bias.astype(np.float32)
        self.temperature = temperature

    @classmethod
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        *,
        C: float = 0.3,  # noqa: N803 - its name everywhere
        bare: Collection[str] = (),
    ) -> IntentModel:
        """Learn from examples.

        Args:
            texts: The examples.
            intents: The intent of each; at least two different ones.
            C: The inverse strength of the regularisation.
            bare: Intents whose examples get no polite words around them, see `frames`.
        """
        model = cls._fit_scores(texts, intents, C, bare)
        kept, held = _split(intents)
        if not held:
            return model
        part = cls._fit_scores([texts[row] for row in kept], [intents[row] for row in kept], C, bare)
        model.temperature = part._best_temperature([texts[row] for row in held], [intents[row] for row in held])
        return model

    @classmethod
    def _fit_scores(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        C: float,  # noqa: N803
        bare: Collection[str],
    ) -> IntentModel:
        from sklearn.svm import LinearSVC  # a second to import, and only training needs it

        more_texts, more_intents = framed(texts, intents, bare)
        all_texts, all_intents = [*texts, *more_texts], [*intents, *more_intents]
        vectorizer = NgramVectorizer.fit(all_texts)
        machine = LinearSVC(C=C, random_state=0).fit(vectorizer.matrix(all_texts), all_intents)
        weights, bias = machine.coef_, machine.intercept_
        if len(machine.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights, weights]), np.concatenate([-bias, bias])
        return cls(vectorizer, [str(name) for name in machine.classes_], weights.T, bias)

    def _best_temperature(self, texts: Sequence[str], intents: Sequence[str]) -> float:
        """Find what turns scores into probabilities that held-out examples find least surprising."""
        rows = [(self.scores(text), self.intents.index(intent)) for text, intent in zip(texts, intents, strict=True)]

        def surprise(temperature: float) -> float:
            return -sum(float(np.log(_softmax(scores / temperature)[column] + 1e-9)) for scores, column in rows)

        return min(_TEMPERATURES, key=surprise)

    def scores(self, text: str) -> np.ndarray:
        """Return how far each intent is from being refused; not bounded."""
        columns, values = self.vectorizer.row(text)
        return np.asarray(values @ self.weights[columns] + self.bias)

    def probabilities(self, text: str) -> np.ndarray:
        """Return the probability of each intent, in the order of `intents`; they sum to one.

        Where most words of a text are in no example, nothing it seems to mean is likely.
        """
        likely = _softmax(self.scores(text) / self.temperature)
        trust = min(1.0, self.vectorizer.known_share(text) / _ENOUGH_KNOWN)
        return likely * trust + (1 - trust) / len(self.intents)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every intent with its probability, the likeliest first."""
        probabilities = self.probabilities(text)
        return [(self.intents[column], float(probabilities[column])) for column in np.argsort(-probabilities)]

    def save(self, folder: Path) -> None:
        """Write arrays and names; nothing here can run code when it is read."""
        np.savez(folder / _ARRAYS, weights=self.weights, bias=self.bias, idf=self.vectorizer.idf)
        names = {
            "intents": self.intents,
            "temperature": self.temperature,
            "ngrams": self.vectorizer.vocabulary,
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: Nothing was saved there.
        """
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            vectorizer = NgramVectorizer(names["ngrams"], arrays["idf"])
            return cls(vectorizer, names["intents"], arrays["weights"], arrays["bias"], names["temperature"])


def _softmax(scores: np.ndarray) -> np.ndarray:
    exponents = np.exp(scores - scores.max())
    return np.asarray(exponents / exponents.sum())


def _split(intents: Sequence[str]) -> tuple[list[int], list[int]]:
    """Keep every fifth example of each intent for the temperature."""
    seen: Counter[str] = Counter()
    kept: list[int] = []
    held: list[int] = []
    for row, intent in enumerate(intents):
        seen[intent] += 1
        (kept if seen[intent] % _HELD_OUT else held).append(row)
    return kept, held
