"""The way to a person."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

from actions.base import CrmAction, Event
from actions.dialogue import is_angry
from actions.store_info import answer_from_articles, usual_question
from actions.talk import Talk


class ActionHandoffRequest(CrmAction):
    """Put the customer into the queue for a person, and say honestly what to expect."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_handoff_request"

    def act(self, talk: Talk) -> list[Event]:
        """Say how many wait, and send the wish to the gateway."""
        reason = talk.slot("handoff_reason") or ("anger" if is_angry(talk) else "request")
        ahead = len(talk.crm.conversations.queue())
        if ahead:
            talk.say("utter_handoff_waiting", ahead=ahead)
        else:
            talk.say("utter_handoff_next")
        talk.send(handoff={"reason": reason, "requested_by": "customer"})
        return [SlotSet("handoff_reason", None), *_pause(talk.tracker.active_loop_name)]


def _pause(form: str | None) -> list[Event]:
    """Let an open form wait, without asking again now, for the customer's first answer after the person is gone."""
    return [ActiveLoop(form), FollowupAction("action_listen")] if form else []


class ActionHandoffContact(CrmAction):
    """Tell how the shop is reached, and that a person can come into this chat."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_handoff_contact"

    def act(self, talk: Talk) -> list[Event]:
        """Answer from the articles, then offer a person here."""
        answer_from_articles(talk, usual_question(talk), ask=False)
        talk.say("utter_handoff_contact")
        return []
