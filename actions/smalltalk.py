"""Greeting a customer by what we know of them, and saying goodbye."""

from __future__ import annotations

from actions.base import CrmAction, Event
from actions.talk import Talk

PURPOSE = "greeting"
GREETINGS = {
    "champions": "utter_smalltalk_greet_loyal",
    "loyal": "utter_smalltalk_greet_loyal",
    "at_risk": "utter_smalltalk_greet_at_risk",
    "sleeping": "utter_smalltalk_greet_at_risk",
    "new": "utter_smalltalk_greet_new",
}
PLAIN = "utter_smalltalk_greet"


class ActionGreet(CrmAction):
    """Greet; a customer who is signed in is greeted by segment, once in a conversation."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_greet"

    def act(self, talk: Talk) -> list[Event]:
        """Say the greeting and note which segment decided it."""
        talk.say(PLAIN if _greeted(talk) else self._greeting(talk))
        return []

    def _greeting(self, talk: Talk) -> str:
        conversation = talk.crm.conversations.get(talk.conversation_id)
        if not conversation.verified or conversation.customer_id is None:
            return PLAIN
        score = talk.crm.scores.current(conversation.customer_id).get("segment")
        if score is None or score.label not in GREETINGS:
            return PLAIN
        talk.crm.scores.used(score, talk.conversation_id, PURPOSE)
        talk.note(segment=score.label, segment_purpose=PURPOSE)
        return GREETINGS[score.label]


class ActionGoodbye(CrmAction):
    """Say goodbye and let the gateway close the conversation."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_goodbye"

    def act(self, talk: Talk) -> list[Event]:
        """Say it and send the sign."""
        talk.say("utter_smalltalk_goodbye")
        talk.send(close=True)
        return []


def _greeted(talk: Talk) -> bool:
    return any(event.get("event") == "action" and event.get("name") == "action_greet" for event in talk.tracker.events)
