"""Complaints, praise and suggestions: read by the models, kept under the customer's key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

import structlog

from crm_core import feedback as models
from crm_core.clock import new_id
from crm_core.errors import InvalidInput, ModelNotTrained
from crm_core.language import detect_language
from crm_core.learning.latest import Latest
from crm_core.records.shop import FeedbackReading, Label
from crm_core.records.voice import FeedbackEntry
from crm_core.storage import feedback as storage
from crm_core.use_cases.context import Context

FRESH = timedelta(days=7)  # how long a complaint is remembered when something could be offered
UNREAD = FeedbackReading("", Label("", 0.0), Label("", 0.0), serious=False, model_version="")
_WORDS = 8
_CLEARLY = 0.9  # probability from which a text's sentiment stands against what the customer called it

log = structlog.get_logger(__name__)


class Classifier(Protocol):
    """What reads a feedback text."""

    def read(self, text: str, language: str) -> FeedbackReading:
        """Give category, sentiment and urgency of one text."""


class Feedback:
    """What customers say of the shop.

    Args:
        context: The collaborators.
        classifier: Gives the model that reads the texts; the live trained one by default.
    """

    def __init__(self, context: Context, classifier: Callable[[], Classifier] | None = None) -> None:
        self._context = context
        self._classifier = classifier or Latest(context.settings.models, "feedback", models.load).get

    def record(
        self,
        text: str,
        *,
        source: str,
        conversation_id: str | None = None,
        customer_id: str | None = None,
        external_id: str | None = None,
        rating: int | None = None,
        language: str | None = None,
        complaint: bool = False,
    ) -> FeedbackReading:
        """Classify and keep one feedback; the same `(source, external_id)` again is the same feedback.

        Without a trained model it is kept unclassified: category and sentiment of the reading are then empty.

        Args:
            text: What was said.
            source: Where it was said (`chat`, `email`, an import's name …).
            conversation_id: The conversation that it was said in.
            customer_id: Who said it; left out, the conversation's customer.
            external_id: The source's own id.
            rating: Stars that came with it, 1 to 5.
            language: The text's language; left out, it is detected.
            complaint: The customer has said that it is one; a text that does not clearly read as the opposite then
                counts as negative.

        Raises:
            InvalidInput: There is no text.
        """
        if not text.strip():
            raise InvalidInput("text", text, "is empty")
        spoken = language or detect_language(text, self._context.settings.language)
        reading = self._read(text, spoken)
        if complaint:
            reading = _as_complaint(reading)
        with self._context.database.writing() as connection:
            if customer_id is None and conversation_id is not None:
                customer_id = storage.customer_of(connection, conversation_id)
            key_id = storage.key_for(connection, self._context.keys, customer_id)
            values = _columns(reading) | {
                "id": new_id(),
                "customer_id": customer_id,
                "key_id": key_id,
                "conversation_id": conversation_id,
                "source": source,
                "external_id": external_id,
                "text_encrypted": self._context.keys.seal(connection, key_id, text),
                "language": spoken,
                "rating": rating,
                "created_at": self._context.clock(),
            }
            storage.add(connection, values)
        return reading

    def of_customer(self, customer_id: str, *, limit: int = 50) -> list[FeedbackEntry]:
        """Give what a customer has said, newest first."""
        with self._context.database.reading() as connection:
            return storage.of_customer(connection, self._context.keys, customer_id, limit)

    def complained_lately(self, customer_id: str) -> bool:
        """Tell whether a customer has said something negative within the last week."""
        with self._context.database.reading() as connection:
            return storage.complained_since(connection, customer_id, self._context.clock() - FRESH)

    def _read(self, text: str, language: str) -> FeedbackReading:
        try:
            return self._classifier().read(text, language)
        except ModelNotTrained as error:
            log.warning("feedback kept unclassified", reason=str(error))
            return UNREAD


def _as_complaint(reading: FeedbackReading) -> FeedbackReading:
    said = reading.sentiment
    if not reading.model_version or said.value == "negative" or said.probability >= _CLEARLY:
        return reading
    return replace(reading, sentiment=Label("negative", 1.0 - said.probability, said.words))


def _columns(reading: FeedbackReading) -> dict[str, Any]:
    read = bool(reading.model_version)
    return {
        "category": reading.category.value if read else None,
        "category_probability": reading.category.probability if read else None,
        "sentiment": reading.sentiment.value if read else None,
        "sentiment_probability": reading.sentiment.probability if read else None,
        "serious": reading.serious,
        "reasons": [[word, round(weight, 4)] for word, weight in reading.category.words[:_WORDS]],
        "model_version": reading.model_version or None,
    }
