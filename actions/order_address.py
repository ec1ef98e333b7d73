"""Sending an order to another address before it is shipped."""

from __future__ import annotations

from rasa_sdk.events import SlotSet

from actions.address_step import ADDRESS, AddressStep
from actions.base import CrmAction, Event
from actions.check_step import CheckStep
from actions.confirm_step import ConfirmStep
from actions.forms import CrmForm
from actions.order_step import OrderStep
from actions.step import Step
from actions.talk import Talk
from crm_core.errors import OrderNotChangeable

CONFIRMED = "order_address_confirmed"


class ValidateOrderAddressForm(CrmForm):
    """Find the order, see that it may be redirected, take the address and have it confirmed."""

    form = "order_address_form"
    triggers = frozenset({"change_shipping_address"})

    def steps(self) -> list[Step]:
        """Ask for the order, the address and a yes."""
        check = CheckStep("address", "order_address")
        return [OrderStep("address"), check, AddressStep(CONFIRMED), ConfirmStep(CONFIRMED)]


class ActionOrderAddress(CrmAction):
    """Send the order to the address that was confirmed."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_order_address"

    def act(self, talk: Talk) -> list[Event]:
        """Change it and say so, or leave it as it was."""
        number, address = talk.slot("order_number"), talk.slot(ADDRESS)
        if talk.slot(CONFIRMED):
            try:
                talk.crm.orders.change_address(
                    talk.conversation_id, number, address=address, contact=talk.slot("contact")
                )
                talk.say("utter_order_address_done", number=number, address=address)
            except OrderNotChangeable as refusal:  # it was shipped while we talked
                talk.say(f"utter_order_address_{refusal.why}", number=number)
        return [SlotSet(ADDRESS, None), SlotSet(CONFIRMED, None)]
