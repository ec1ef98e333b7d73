"""Leading the conversation itself: being there, and not saying the same thing twice to an answer that led nowhere."""

from __future__ import annotations

from collections.abc import Callable

from rasa_sdk.events import SlotSet

from actions.base import CrmAction, Event
from actions.meanings import offer
from actions.talk import Talk

HERE = "action_dialogue_here"
STUMBLES, ANGER, PENDING = "dialogue_stumbles", "dialogue_anger", "pending_requests"
STUCK = 3  # every so many answers in a row that led nowhere


class ActionDialogueHere(CrmAction):
    """Answer a message that only asks whether anybody is there."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return HERE

    def act(self, talk: Talk) -> list[Event]:
        """Say that one is, and inside a form where the talk was; the form repeats its question."""
        form = talk.tracker.active_loop_name
        words = "utter_dialogue_here" if form else "utter_dialogue_here_free"
        talk.say(f"{words}_again" if _said_before(talk, HERE) else words)
        if form:
            talk.say(f"utter_dialogue_at_{form}")
        return []


def is_angry(talk: Talk) -> bool:
    """Tell whether the customer has been angry in this conversation."""
    return bool(talk.slot(ANGER))


def stumble(talk: Talk, hint: Callable[[], None]) -> list[Event]:
    """Say that an answer to a form's question cannot be used: never the same way twice in a row.

    Args:
        talk: The turn.
        hint: Says what the answer should look like; that is said first.
    """
    times = int(talk.slot(STUMBLES) or 0) + 1
    kept = [SlotSet(STUMBLES, times)]
    if times % STUCK == 1:
        hint()
        return kept
    if times % STUCK:
        talk.say("utter_dialogue_try_again")
        return kept
    talk.say("utter_dialogue_stuck")
    return [*kept, *offer("request_person")]


def _said_before(talk: Talk, action: str) -> bool:
    """Tell whether the turn before was answered by this action, too."""
    heard = 0
    for event in reversed(talk.tracker.events):
        heard += event.get("event") == "user"
        if heard == 1 and event.get("event") == "action" and event.get("name") == action:
            return True
        if heard == 2:
            return False
    return False
