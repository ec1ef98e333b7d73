"""What to say to what is none of the shop's business."""

from __future__ import annotations

from rasa_sdk.events import FollowupAction

from actions.answers import answer_anyway
from actions.base import CrmAction, Event
from actions.dialogue import stumble
from actions.smalltalk_fallback import FALLBACK, OUT_OF_SCOPE, failures_in_a_row, in_turn
from actions.talk import Talk

OUTSIDE = "utter_smalltalk_out_of_scope"
SURELY_OUTSIDE = 0.8


class ActionOutOfScope(CrmAction):
    """Answer what is none of the shop's business; who goes on with it is answered differently each time, too."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return OUT_OF_SCOPE

    def act(self, talk: Talk) -> list[Event]:
        """Answer it if an article does; else say what is in scope, list it, offer a person.

        What is not clearly outside is not understood.
        """
        if talk.tracker.active_loop_name:
            return stumble(talk, lambda: talk.say(OUTSIDE))
        if talk.confidence < SURELY_OUTSIDE:
            return [FollowupAction(FALLBACK)]  # it asks the articles, too
        answered = answer_anyway(talk)
        if answered is not None:
            return answered
        return in_turn(talk, OUTSIDE, failures_in_a_row(talk.tracker.events) % 3)
