"""What belongs to no capability: yes, no, never mind, and a bare order number."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered

from actions.base import CrmAction, Event
from actions.talk import Talk

OFFER = "shared_offer"
DEFAULT_MEANING = "ask_order_status"


def offer(intent: str) -> list[Event]:
    """Give the events that let a following "yes" mean this intent; the words ask the question.

    Args:
        intent: What the customer would have said instead of "yes", such as `request_person`.
    """
    return [SlotSet(OFFER, intent)]


class ActionStop(CrmAction):
    """Leave whatever form is open, and forget what it has asked so far."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_shared_stop"

    def act(self, talk: Talk) -> list[Event]:
        """Close the form and empty the slots that carry its capability's name."""
        form = talk.tracker.active_loop_name
        if not form:
            talk.say("utter_shared_nothing_to_stop")
            return [SlotSet(OFFER, None)]
        talk.say("utter_shared_stopped")
        prefix = form.removesuffix("_form") + "_"
        filled = [name for name, value in talk.tracker.slots.items() if name.startswith(prefix) and value is not None]
        return [ActiveLoop(None), SlotSet("requested_slot", None), *(SlotSet(name, None) for name in filled)]


class ActionAffirm(CrmAction):
    """Take a "yes" as the answer to what was offered just before."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_shared_affirm"

    def act(self, talk: Talk) -> list[Event]:
        """Go on as if the customer had asked for what was offered; inside a form its question is repeated."""
        meant = _offered(talk)
        if meant:
            return [SlotSet(OFFER, None), *_as_if_said(meant)]
        if not talk.tracker.active_loop_name:
            talk.say("utter_shared_affirmed")
        return []


class ActionDeny(CrmAction):
    """Take a "no" as the end of what was offered."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_shared_deny"

    def act(self, talk: Talk) -> list[Event]:
        """Acknowledge it; inside a form its question is repeated."""
        if not talk.tracker.active_loop_name:
            talk.say("utter_shared_denied")
        return [SlotSet(OFFER, None)]


class ActionInform(CrmAction):
    """Answer an order number or an address that came without a wish."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_shared_inform"

    def act(self, talk: Talk) -> list[Event]:
        """Show the order that was named, or ask what to do with the rest."""
        if talk.tracker.active_loop_name:
            talk.say("utter_shared_not_understood")
            return []
        if talk.entities("order_number"):
            return _as_if_said(DEFAULT_MEANING, talk.tracker.latest_message.get("entities") or [])
        talk.say("utter_shared_what_about_it")
        return []


def _offered(talk: Talk) -> str | None:
    """Give the intent that the last turn offered, None when the customer has said something else since."""
    heard_since = 0
    for event in reversed(talk.tracker.events):
        heard_since += event.get("event") == "user"
        if event.get("event") == "slot" and event.get("name") == OFFER:
            return event.get("value") if heard_since == 1 else None
    return None


def _as_if_said(intent: str, entities: list[dict[str, Any]] | None = None) -> list[Event]:
    parsed = {"text": f"/{intent}", "intent": {"name": intent, "confidence": 1.0}, "entities": entities or []}
    return [ActionExecuted("action_listen"), UserUttered(f"/{intent}", parsed)]
