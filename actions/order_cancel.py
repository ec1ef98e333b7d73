"""Cancelling an order that has not been shipped."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import CrmAction, Event
from actions.check_step import CheckStep
from actions.confirm_step import ConfirmStep
from actions.forms import CrmForm
from actions.order_step import OrderStep
from actions.order_words import the_order, values_of
from actions.step import Step
from actions.talk import Talk
from crm_core.errors import OrderNotChangeable

CONFIRMED = "order_cancel_confirmed"


class ValidateOrderCancelForm(CrmForm):
    """Find the order, see that it may be cancelled, and have it confirmed."""

    form = "order_cancel_form"
    triggers = frozenset({"cancel_order"})

    def steps(self) -> list[Step]:
        """Ask for the order and for a yes."""
        return [OrderStep("cancel"), CheckStep("cancel", "order_cancel"), ConfirmStep(CONFIRMED)]


class ActionAskOrderCancelConfirmed(CrmAction):
    """Show what would be cancelled, and ask."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"action_ask_{CONFIRMED}"

    def act(self, talk: Talk) -> list[Event]:
        """Name the order, what is in it and what it cost."""
        talk.say("utter_order_cancel_ask_confirmed", **values_of(talk, the_order(talk)))
        return []


class ActionOrderCancel(CrmAction):
    """Cancel the order that was confirmed."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_order_cancel"

    def act(self, talk: Talk) -> list[Event]:
        """Cancel it and give the reference, or leave it as it was."""
        confirmed, number = talk.slot(CONFIRMED), talk.slot("order_number")
        if confirmed is False:
            talk.say("utter_order_cancel_kept", number=number)
        elif confirmed:
            self._cancel(talk, number)
        return [SlotSet(CONFIRMED, None)]

    def _cancel(self, talk: Talk, number: str) -> None:
        try:
            done = talk.crm.orders.cancel(talk.conversation_id, number, contact=talk.slot("contact"))
        except OrderNotChangeable as refusal:  # it was shipped while we talked
            talk.say(f"utter_order_cancel_{refusal.why}", number=number)
        else:
            talk.say("utter_order_cancel_done", number=number, reference=done.reference)
