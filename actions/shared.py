"""What belongs to no capability: yes, no, never mind, and a bare order number."""

from __future__ import annotations

from rasa_sdk.events import ActiveLoop, SlotSet

from actions.base import CrmAction, Event
from actions.dialogue import stumble
from actions.meanings import OFFER, REFUSALS, as_if_said, offered
from actions.talk import Talk

DEFAULT_MEANING = "ask_order_status"


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
        meant = offered(talk)
        if meant:
            return [SlotSet(OFFER, None), *as_if_said(meant)]
        if not talk.tracker.active_loop_name:
            talk.say("utter_shared_affirmed")
        return []


class ActionDeny(CrmAction):
    """Take a "no" as the end of what was offered."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_shared_deny"

    def act(self, talk: Talk) -> list[Event]:
        """Go on as if the refusal had been said in full, or acknowledge it; inside a form its question is repeated."""
        refused = REFUSALS.get(offered(talk) or "")
        if refused:
            return [SlotSet(OFFER, None), *as_if_said(refused)]
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
            return stumble(talk, lambda: talk.say("utter_shared_not_understood"))
        if talk.entities("order_number"):
            return as_if_said(DEFAULT_MEANING, talk.tracker.latest_message.get("entities") or [])
        talk.say("utter_shared_what_about_it")
        return []
