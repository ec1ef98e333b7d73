"""How this customer is treated in this conversation: the personalisation rules applied to the current scores."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from crm_core import personalisation
from crm_core.personalisation import Greeting, PersonOffer
from crm_core.records.consent import Purpose
from crm_core.records.people import Score
from crm_core.records.shop import FeedbackReading
from crm_core.storage import consents, feedback
from crm_core.use_cases.context import Context
from crm_core.use_cases.feedback import FRESH
from crm_core.use_cases.scores import Scores

_T = TypeVar("_T")


class Treatment:
    """Applies `crm_core.personalisation`; each score that changed something is logged as used."""

    def __init__(self, context: Context, scores: Scores | None = None) -> None:
        self._context = context
        self._scores = scores or Scores(context)

    def greeting(self, conversation_id: str) -> Greeting:
        """Choose how to greet the customer of a conversation."""
        return self._segment(conversation_id, "greeting", personalisation.greeting, Greeting.PLAIN)

    def cards_after_service(self, conversation_id: str, *, angry: bool = False) -> int:
        """Tell how many products to offer after a question was solved; 0 is none, as for who refuses marketing.

        Args:
            conversation_id: The conversation.
            angry: Whether the customer has been angry in it.
        """
        customer_id, scores = self._known(conversation_id)
        if customer_id is None:
            return 0
        with self._context.database.reading() as connection:
            if consents.has_refused(connection, customer_id, Purpose.MARKETING):
                return 0
            complained = feedback.complained_since(connection, customer_id, self._context.clock() - FRESH)
        segment, intent = scores.get("segment"), scores.get("purchase_intent")
        cards = personalisation.cards_after_service(_label(segment), _label(intent), complained=complained, angry=angry)
        if intent is not None and (cards or _label(segment) == "at_risk"):
            self._scores.used(intent if cards else segment or intent, conversation_id, "offer_after_service")
        return cards

    def person_offer(self, conversation_id: str, reading: FeedbackReading) -> PersonOffer:
        """Tell whether, and how soon, a complaint leads to the offer of a person."""

        def rule(segment: str | None) -> PersonOffer:
            return personalisation.person_offer(segment, serious=reading.serious)

        return self._segment(conversation_id, "person_on_complaint", rule, rule(None))

    def _segment(self, conversation_id: str, purpose: str, rule: Callable[[str | None], _T], otherwise: _T) -> _T:
        score = self._known(conversation_id)[1].get("segment")
        chosen = rule(_label(score))
        if score is not None and chosen != otherwise:
            self._scores.used(score, conversation_id, purpose)
        return chosen

    def _known(self, conversation_id: str) -> tuple[str | None, dict[str, Score]]:
        with self._context.database.reading() as connection:
            customer_id = feedback.customer_of(connection, conversation_id)
        return customer_id, self._scores.current(customer_id) if customer_id else {}


def _label(score: Score | None) -> str | None:
    return score.label if score else None
