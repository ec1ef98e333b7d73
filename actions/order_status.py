"""Where an order is, and when it comes."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.base import CrmAction, Event
from actions.described import description
from actions.forms import CrmForm
from actions.meanings import as_if_said
from actions.order_step import OrderStep
from actions.order_words import details, order_button, the_order, values_of
from actions.step import Step
from actions.talk import Talk

FORM = "order_status_form"
SHOWN = "order_status_shown"
PURPOSES = {
    "order_cancel_form": "cancel",
    "order_address_form": "address",
    "order_return_form": "return",
    "order_return_track_form": "track",
    "payment_invoice_form": "invoice",
    "payment_check_form": "invoice",
}


class ValidateOrderStatusForm(CrmForm):
    """Find out which order is asked about, and whether it may be shown."""

    form = FORM
    triggers = frozenset({"ask_order_status", "ask_delivery_period"})

    def steps(self) -> list[Step]:
        """Ask for nothing but the order."""
        return [OrderStep("status", forgets=True)]


class ActionAskOrderNumber(CrmAction):
    """Ask which order is meant: by buttons for a customer who is signed in."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_ask_order_number"

    def act(self, talk: Talk) -> list[Event]:
        """Offer the orders that the open form is likely to be about."""
        if not talk.crm.conversations.get(talk.conversation_id).verified:
            talk.say("utter_order_status_ask_number")
            return []
        purpose = PURPOSES.get(talk.tracker.active_loop_name or "", "status")
        meant = talk.crm.orders.likely(talk.conversation_id, purpose, description(talk))
        talk.say("utter_order_status_which", buttons=[order_button(talk, order) for order in meant])
        return []


class ActionOrderStatusShow(CrmAction):
    """Say where the order is."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_order_status_show"

    def act(self, talk: Talk) -> list[Event]:
        """Say the status, what is in it, and what is known of the delivery."""
        if not talk.slot("order_number"):
            return [SlotSet(SHOWN, False)]  # the form ended without an order, and has said why
        order = the_order(talk)
        outlook = talk.crm.orders.outlook(order)
        said = values_of(talk, order) | {"details": details(talk, order, outlook)}
        talk.say(f"utter_order_status_{outlook.state}", **said)
        talk.note(order={"status": order.status, "state": outlook.state})
        return [SlotSet(SHOWN, outlook.state != "late")]


class ActionOrderStatusDelivery(CrmAction):
    """Say how long deliveries take, or when this one comes."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_order_status_delivery"

    def act(self, talk: Talk) -> list[Event]:
        """Look the order up where one is named, or where the customer is known; never leave another form for it."""
        if talk.tracker.active_loop_name:
            talk.say("utter_order_status_delivery_usual")
            return []
        named = [entity for entity in talk.tracker.latest_message.get("entities") or [] if entity["entity"] in _PROOF]
        if named or _verified(talk):
            return as_if_said("ask_order_status", named)
        talk.say("utter_order_status_delivery_period")
        return []


_PROOF = ("order_number", "email", "phone")


def _verified(talk: Talk) -> bool:
    return bool(talk.crm.conversations.get(talk.conversation_id).verified)
