"""The intent classifier: one logistic regression over n-grams for both languages, kept as plain arrays."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot.assistant.components.ngrams import NgramVectorizer

logger = logging.getLogger(__name__)

_ARRAYS = "intents.npz"
_NAMES = "intents.json"


class IntentModel:
    """What was learnt: n-grams, intents and a weight for each pair.

    Args:
        vectorizer: Texts to rows.
        intents: The name of each column of `weights`.
        weights: Shape (n-grams, intents), float32: few rows are read per message.
        bias: Shape (intents,).
    """

    def __init__(
        self, vectorizer: NgramVectorizer, intents: Sequence[str], weights: np.ndarray, bias: np.ndarray
    ) -> None:
        self.vectorizer = vectorizer
        self.intents = list(intents)
        self.weights = np.ascontiguousarray(weights, dtype=np.float32)
        self.bias = bias.astype(np.float32)

    @classmethod
    def fit(cls, texts: Sequence[str], intents: Sequence[str], *, C: float, max_iter: int = 200) -> IntentModel:  # noqa: N803
        """Learn from examples; `C` is the inverse strength of the regularisation."""
        vectorizer = NgramVectorizer.fit(texts)
        regression = LogisticRegression(C=C, max_iter=max_iter, tol=1e-3)
        regression.fit(vectorizer.matrix(texts), intents)
        weights, bias = regression.coef_, regression.intercept_
        if len(regression.classes_) == 2:  # scikit-learn keeps one row for two classes
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(vectorizer, list(regression.classes_), weights.T, bias)

    def probabilities(self, text: str) -> np.ndarray:
        """Return the probability of each intent, in the order of `intents`."""
        columns, values = self.vectorizer.row(text)
        scores = values @ self.weights[columns] + self.bias
        exponents = np.exp(scores - scores.max())
        return np.asarray(exponents / exponents.sum())

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every intent with its probability, the likeliest first."""
        probabilities = self.probabilities(text)
        return [(self.intents[column], float(probabilities[column])) for column in np.argsort(-probabilities)]

    def save(self, folder: Path) -> None:
        """Write arrays and names; nothing here can run code when it is read."""
        np.savez(folder / _ARRAYS, weights=self.weights, bias=self.bias, idf=self.vectorizer.idf)
        names = {"intents": self.intents, "ngrams": self.vectorizer.vocabulary}
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
            return cls(vectorizer, names["intents"], arrays["weights"], arrays["bias"])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Rasa's component around `IntentModel`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings: regularisation and how many alternatives a message keeps."""
        return {"C": 30.0, "ranking_length": 5}

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: IntentModel | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NgramIntentClassifier:
        """Return an untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> NgramIntentClassifier:
        """Return the component with what training kept; untrained when it kept nothing."""
        try:
            with model_storage.read_from(resource) as folder:
                return cls(config, model_storage, resource, IntentModel.read(Path(folder)))
        except (ValueError, FileNotFoundError):
            logger.warning("the intent classifier has not been trained")
            return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from every example that has a text and an intent."""
        examples = [(e.get(TEXT), e.get(INTENT)) for e in training_data.intent_examples if e.get(TEXT)]
        if len({intent for _, intent in examples}) < 2:
            logger.warning("too few intents to train the classifier")
            return self._resource
        texts, intents = zip(*examples, strict=True)
        self._model = IntentModel.fit(texts, intents, C=self._config["C"])
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and alternatives of each message."""
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, text: str) -> list[dict[str, Any]]:
        if self._model is None:
            return [{"name": None, "confidence": 0.0}]
        return [{"name": name, "confidence": confidence} for name, confidence in self._model.rank(text)]
