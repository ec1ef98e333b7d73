"""Rating the conversation, from 1 to 5."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.forms import FormValidationAction

from actions.base import CrmAction, Event
from actions.talk import Talk
from crm_core.ratings import read_rating

FORM = "rating_form"
COMMENT_FORM = "rating_comment_form"
WORDS = {1: "utter_rating_bad", 2: "utter_rating_bad", 3: "utter_rating_fair"}


class ValidateRatingForm(FormValidationAction):  # type: ignore[misc]
    """Take a score from 1 to 5."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"validate_{FORM}"

    async def extract_rating_score(self, dispatcher: Any, tracker: Any, domain: Any) -> dict[str, Any]:
        """Give the score; say what a score is when there is none in the answer."""
        score = score_in(Talk(dispatcher, tracker, None))
        if score is not None:
            return {"rating_score": float(score)}
        answering = tracker.slots.get("requested_slot") == "rating_score"
        if answering and any(character.isdigit() for character in tracker.latest_message.get("text") or ""):
            dispatcher.utter_message(response="utter_rating_not_a_score")
            return {"rating_score": None}
        return {}


class ActionRatingRecord(CrmAction):
    """Keep the score, thank for it, and ask for a comment."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_rating_record"

    def act(self, talk: Talk) -> list[Event]:
        """Keep it at once: the comment may never come."""
        score = score_in(talk) if talk.slot("rating_score") is None else int(talk.slot("rating_score"))
        if score is None:
            return [FollowupAction(FORM)]
        talk.crm.conversations.rate(talk.conversation_id, score)
        talk.say(words_for(score), score=score)
        return [SlotSet("rating_score", float(score)), SlotSet("rating_comment", None), FollowupAction(COMMENT_FORM)]


def words_for(score: int) -> str:
    """Give the response that thanks for a score."""
    return WORDS.get(score, "utter_rating_good")


def score_in(talk: Talk) -> int | None:
    """Give the score that a button or the text holds."""
    pressed = next(iter(talk.entities("rating_score")), None)
    return read_rating(pressed) if pressed else None if talk.pressed else read_rating(talk.text)
