"""What components that find entities without a training have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Self

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

Entity = dict[str, Any]


class EntityFinder(GraphComponent, EntityExtractorMixin, ABC):  # type: ignore[misc]
    """A component of Rasa that is made from its settings alone.

    Args:
        config: Its settings.
    """

    @abstractmethod
    def __init__(self, config: dict[str, Any]) -> None: ...

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """Return the component, ready to be used."""
        return cls(config)

    @abstractmethod
    def find(self, text: str) -> list[Entity]:
        """Find the entities of a message's text."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add what is found to the entities of each message."""
        for message in messages:
            entities = message.get(ENTITIES, []) + self.add_extractor_name(self.find(message.get(TEXT) or ""))
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
