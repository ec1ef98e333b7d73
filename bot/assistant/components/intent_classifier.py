"""The intent classifier as a component of Rasa: one model for every language of the training data."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.components.concepts import Concepts
from bot.assistant.components.intent_model import OUTSIDE, IntentModel, Understanding
from bot.assistant.components.rejector import USUAL_SHARE
from bot.assistant.components.requests import split_requests
from bot.assistant.components.sentence_encoder import SentenceEncoder

logger = logging.getLogger(__name__)

_SURE = 0.9  # that a message which is nothing but an entity means what it means alone
_BESIDE = 0.2  # share of a message's letters that may stand beside the entity: "the", a size


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class NgramIntentClassifier(GraphComponent, IntentClassifier):  # type: ignore[misc]
    """Rasa's component around `IntentModel`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings; `docs/assistant.md` says what each is for."""
        return {
            "C": 10.0,
            "min_documents": 1,
            "ranking_length": 5,
            "embeddings": True,
            "concepts": None,
            "bare": None,
            "alone": None,
            "several": False,
            "out_of_scope_intent": OUTSIDE,
            "out_of_scope_files": None,
            "out_of_scope_share": USUAL_SHARE,
        }

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
                model = IntentModel.read(Path(folder), _encoder(config["embeddings"]))
                return cls(config, model_storage, resource, model)
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
        config = self._config
        self._model = IntentModel.fit(
            texts,
            intents,
            C=config["C"],
            bare=config["bare"],
            concepts=Concepts.read(Path(config["concepts"])) if config["concepts"] else None,
            min_documents=config["min_documents"],
            encoder=_encoder(config["embeddings"]),
            out_of_scope=_lines(config["out_of_scope_files"]),
            outside=config["out_of_scope_intent"],
            outside_share=config["out_of_scope_share"],
            progress=lambda what, share: logger.info("intents: %s (%.0f %%)", what, 100 * share),
        )
        with self._storage.write_to(self._resource) as folder:
            self._model.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, alternatives and whether a message is ours at all; several requests in one, too."""
        for message in messages:
            text = message.get(TEXT) or ""
            found = self._understand(text)
            meant = _alone(message, self._config["alone"] or {})
            if meant:
                found = found.meaning(meant, _SURE)
            ranking = [{"name": name, "confidence": confidence} for name, confidence in found.ranking]
            message.set("intent", ranking[0] if ranking else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", ranking[: self._config["ranking_length"]], add_to_output=True)
            message.set("ours", found.ours, add_to_output=True)
            if self._config["several"]:
                message.set("requests", split_requests(text, self._understand), add_to_output=True)
        return messages

    def _understand(self, text: str) -> Understanding:
        return self._model.understand(text) if self._model else Understanding([], 0.0)


def _alone(message: Message, intents: Mapping[str, str]) -> str | None:
    """Return what a message means that says nothing but an entity, as the name of a product."""
    found = message.get(ENTITIES, [])
    meant = [intents[each["entity"]] for each in found if each["entity"] in intents]
    letters = {place for place, sign in enumerate(message.get(TEXT) or "") if sign.isalnum()}
    covered = {place for each in found for place in range(each["start"], each["end"])}
    return meant[0] if meant and len(letters - covered) <= _BESIDE * len(letters) else None


def _encoder(wanted: bool | str) -> SentenceEncoder | None:
    if isinstance(wanted, str):
        return SentenceEncoder.read(Path(wanted))
    return SentenceEncoder.installed() if wanted else None


def _lines(pattern: str | None) -> list[str]:
    """Return the lines of all files that a pattern names, below the folder where the training was started."""
    files = sorted(Path().glob(pattern)) if pattern else []
    return [line.strip() for path in files for line in path.read_text("utf-8").splitlines() if line.strip()]
