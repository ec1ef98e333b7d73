"""Questions about the shop, answered from its articles."""

from __future__ import annotations

from actions.base import CrmAction, Event
from actions.quoting import audience_of, missed, quote
from actions.store_info_chosen import ask_which
from actions.talk import Talk
from crm_core.phrases import crm_phrases
from crm_core.records.questions import Outcome

CATEGORIES = {
    "ask_store_info": "store",
    "ask_warranty": "warranty",
    "ask_shipping_options": "shipping",
    "ask_contact": "service",
}
GENERAL = "ask_store_info"  # whose usual question, the opening hours, is not what most ask


class ActionStoreInfoAnswer(CrmAction):
    """Quote the passage that answers the question."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_store_info_answer"

    def act(self, talk: Talk) -> list[Event]:
        """Answer, or ask which article is meant, or say that the articles do not tell."""
        events = answer_from_articles(talk, usual_question(talk) if talk.pressed else None)
        if events is None and not talk.pressed:
            events = _answer_nearly(talk)
        if events is None:
            missed(talk, Outcome.UNKNOWN)
            talk.say("utter_store_info_unknown")
        return events or []


def _answer_nearly(talk: Talk) -> list[Event] | None:
    """Answer what no article surely does: by asking which is meant, or by what people with this intent usually ask."""
    if ask_which(talk):
        missed(talk, Outcome.UNKNOWN)
        return []
    usual = usual_question(talk)
    return None if usual is None or talk.intent == GENERAL else _answer(talk, usual)


def answer_from_articles(talk: Talk, otherwise: str | None = None, *, ask: bool = True) -> list[Event] | None:
    """Answer what was asked from the articles.

    Args:
        talk: The turn.
        otherwise: The question to answer when the articles do not know the customer's own words, or a button was
            pressed.
        ask: Whether to ask if it helped.

    Returns:
        The events that follow, or None when there was no answer; nothing was said then.
    """
    questions = ([] if talk.pressed else [talk.text]) + ([otherwise] if otherwise else [])
    answers = (_answer(talk, question, ask=ask) for question in questions)
    return next((events for events in answers if events is not None), None)


def _answer(talk: Talk, question: str, *, ask: bool = True) -> list[Event] | None:
    passage = talk.crm.knowledge.answer(
        question, talk.language, prefer=CATEGORIES.get(talk.intent), audience=audience_of(talk)
    )
    return None if passage is None else quote(talk, question, passage, ask=ask)


def usual_question(talk: Talk) -> str | None:
    """Give what people usually want to know when they have this intent."""
    key = f"question-{talk.intent.replace('_', '-')}"
    return crm_phrases.say(talk.language, key) if key in crm_phrases.keys(talk.language) else None
