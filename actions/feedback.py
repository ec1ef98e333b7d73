"""Complaints, praise and suggestions: kept, and answered by what they are about."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.base import CrmAction, Event
from actions.feedback_form import FORM
from actions.meanings import offer
from actions.talk import Talk
from crm_core.personalisation import PersonOffer
from crm_core.records.shop import FeedbackReading
from crm_core.said import says_more

KINDS = {"give_complaint": "complaint", "give_praise": "praise", "give_suggestion": "suggestion"}
COMPLAINTS = frozenset({"delivery", "quality", "service", "price", "website", "payment", "returns"})
PRAISED = frozenset({"delivery", "quality", "service"})
SURE = 0.5  # probability from which an answer is about the category
CONTRADICTS = 0.6  # probability from which the sentiment overrules what the message seemed to be


class ActionFeedbackRecord(CrmAction):
    """Keep what the customer said and answer it; a bare "I want to complain" is asked what happened."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_feedback_record"

    def act(self, talk: Talk) -> list[Event]:
        """Classify, keep, answer, and offer a person where that is due."""
        kind = talk.slot("feedback_kind") or KINDS.get(talk.intent, "complaint")
        text = talk.slot("feedback_text") or ("" if talk.pressed else talk.text)
        if not text or (kind != "praise" and not says_more(text) and not talk.slot("feedback_text")):
            return [SlotSet("feedback_kind", kind), FollowupAction(FORM)]
        message_id = talk.tracker.latest_message.get("message_id")
        reading = talk.crm.feedback.record(
            text,
            source="chat",
            conversation_id=talk.conversation_id,
            external_id=message_id,
            language=talk.language,
            complaint=kind == "complaint",
        )
        talk.note(feedback=_facts(reading))
        done = [SlotSet("feedback_text", None), SlotSet("feedback_kind", None)]
        return [*done, *_answer(talk, _settled(kind, reading), reading)]


def _answer(talk: Talk, kind: str, reading: FeedbackReading) -> list[Event]:
    category = reading.category.value if reading.category.probability >= SURE else "other"
    if kind == "suggestion":
        talk.say("utter_feedback_suggestion")
        return []
    if kind == "praise":
        talk.say("utter_feedback_praise_" + (category if category in PRAISED else "other"))
        return []
    person = talk.crm.treatment.person_offer(talk.conversation_id, reading)
    if person is PersonOffer.FIRST:
        talk.say("utter_feedback_offer_person_first")
        return _person_may_be_asked_for()
    talk.say("utter_feedback_complaint_" + (category if category in COMPLAINTS else "other"))
    if person is PersonOffer.NO:
        return []
    talk.say("utter_feedback_offer_person" if reading.serious else "utter_feedback_offer_person_gently")
    return _person_may_be_asked_for()


def _person_may_be_asked_for() -> list[Event]:
    return [SlotSet("handoff_reason", "complaint"), *offer("request_person")]


def _settled(kind: str, reading: FeedbackReading) -> str:
    """Let the text decide where it contradicts the intent: bitter praise is a complaint, and the reverse."""
    sentiment, sure = reading.sentiment.value, reading.sentiment.probability >= CONTRADICTS
    if sentiment == "negative" and sure and (kind == "praise" or reading.serious):
        return "complaint"
    if kind == "suggestion" and sentiment == "positive" and sure:
        return "praise"
    return kind


def _facts(reading: FeedbackReading) -> dict[str, Any]:
    return {
        "category": reading.category.value,
        "sentiment": reading.sentiment.value,
        "serious": reading.serious,
        "words": [word for word, _ in reading.category.words[:5]],
        "model": reading.model_version,
    }
