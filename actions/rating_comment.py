"""The comment on a rating: optional, and never in the way of what the customer wants next."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActionExecuted, SlotSet, UserUttered
from rasa_sdk.forms import FormValidationAction

from actions.base import CrmAction, Event
from actions.rating import COMMENT_FORM, words_for
from actions.talk import Talk
from crm_core.ratings import read_rating

DECLINES = frozenset({"deny", "stop", "thank"})
COMMENTS = frozenset(
    {
        *("give_complaint", "give_praise", "give_suggestion", "rate_conversation", "inform", "nlu_fallback"),
        *("chitchat_compliment", "chitchat_insult", "out_of_scope", "reject_answer"),
    }
)
SHORT = 20  # characters up to which an answer with a number in it corrects the score
SURE = 0.6  # confidence from which a message with another intent is no comment


class ValidateRatingCommentForm(FormValidationAction):  # type: ignore[misc]
    """Take any answer: a comment is optional, so the form never asks twice."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"validate_{COMMENT_FORM}"

    async def extract_rating_comment(self, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        """Give the answer once it has been asked for; what is no comment is an empty one."""
        if tracker.slots.get("requested_slot") != "rating_comment":
            return {}
        talk = Talk(dispatcher, tracker, None)
        return {"rating_comment": talk.text if is_comment(talk) else ""}


class ActionRatingComment(CrmAction):
    """Keep the comment, or go on with what the customer said instead."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_rating_comment"

    def act(self, talk: Talk) -> list[Event]:
        """A bare number corrects the score; anything that is no comment is answered as if nothing had been asked."""
        comment, score = talk.slot("rating_comment") or "", int(talk.slot("rating_score") or 0)
        corrected = read_rating(comment) if _is_score(comment) else None
        empty = [SlotSet("rating_score", None), SlotSet("rating_comment", None)]
        if corrected is not None:
            talk.crm.conversations.rate(talk.conversation_id, corrected)
            talk.say(words_for(corrected), score=corrected)
        elif comment and score:
            talk.crm.conversations.rate(talk.conversation_id, score, comment)
            talk.say("utter_rating_comment_kept")
        elif talk.intent in DECLINES:
            talk.say("utter_rating_no_comment")
        else:
            return [*empty, *_heard_again(talk)]
        return empty


def is_comment(talk: Talk) -> bool:
    """Tell whether a message is a comment on the conversation and not the next question."""
    if talk.pressed:
        return False
    if _is_score(talk.text):
        return True
    if talk.intent in DECLINES:
        return False
    confidence = float((talk.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)
    return talk.intent in COMMENTS or confidence < SURE


def _is_score(text: str) -> bool:
    return len(text) <= SHORT and read_rating(text) is not None


def _heard_again(talk: Talk) -> list[Event]:
    return [ActionExecuted("action_listen"), UserUttered(talk.text, dict(talk.tracker.latest_message))]
