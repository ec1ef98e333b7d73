"""Sending goods back: for the money, or for another piece."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import CrmAction, Event
from actions.check_step import CheckStep
from actions.confirm_step import ConfirmStep
from actions.forms import CrmForm
from actions.order_step import OrderStep
from actions.order_words import items, phrase, the_order
from actions.reason_step import REASON, ReasonStep
from actions.return_steps import ITEM, KIND, WANTED, ItemStep, KindStep
from actions.step import Step
from actions.talk import Talk
from crm_core.errors import OrderNotChangeable
from crm_core.orders.items import ALL
from crm_core.records.shop import Order

CONFIRMED = "order_return_confirmed"
SLOTS = (KIND, ITEM, WANTED, REASON, CONFIRMED)


class ValidateOrderReturnForm(CrmForm):
    """Find the order, see that it may come back, and learn what of it, why, and that it is meant."""

    form = "order_return_form"
    triggers = frozenset({"return_order", "request_refund", "exchange_order"})

    def steps(self) -> list[Step]:
        """Ask for the order, the item where there are several, the reason and a yes."""
        order = OrderStep("return")
        return [order, KindStep(), CheckStep(KIND, "order_return"), ItemStep(), ReasonStep(), ConfirmStep(CONFIRMED)]


class ActionAskOrderReturnItem(CrmAction):
    """Ask which item of the order comes back."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"action_ask_{ITEM}"

    def act(self, talk: Talk) -> list[Event]:
        """Offer each item, and the whole order."""
        choices = [(line.name(talk.language), line.sku) for line in the_order(talk).items]
        choices.append((phrase(talk, "whole"), ALL))
        buttons = [{"title": title, "payload": f'/inform{{"{ITEM}": "{value}"}}'} for title, value in choices]
        talk.say("utter_order_return_which_item", buttons=buttons)
        return []


class ActionAskOrderReturnConfirmed(CrmAction):
    """Say what was understood, and ask."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"action_ask_{CONFIRMED}"

    def act(self, talk: Talk) -> list[Event]:
        """Name the items, the order and the reason."""
        talk.say(f"utter_order_return_ask_{talk.slot(KIND)}", **_said(talk, the_order(talk)))
        return []


class ActionOrderReturn(CrmAction):
    """Ask for the return that was confirmed."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_order_return"

    def act(self, talk: Talk) -> list[Event]:
        """Give the reference, or leave everything as it was."""
        if talk.slot(CONFIRMED) is False:
            talk.say("utter_order_return_kept")
        elif talk.slot(CONFIRMED):
            self._ask(talk, talk.slot(KIND))
        return [SlotSet(slot, None) for slot in SLOTS]

    def _ask(self, talk: Talk, kind: str) -> None:
        number, item = talk.slot("order_number"), talk.slot(ITEM)
        known = {"contact": talk.slot("contact"), "item": None if item == ALL else item, "wanted": talk.slot(WANTED)}
        try:
            made = talk.crm.orders.request_return(
                talk.conversation_id, number, kind=kind, reason=talk.slot(REASON), **known
            )
        except OrderNotChangeable as refusal:  # the last day ended while we talked
            talk.say(f"utter_order_return_{refusal.why}", number=number)
        else:
            talk.say(f"utter_order_return_{kind}_done", number=number, reference=made.reference)


def _said(talk: Talk, order: Order) -> dict[str, Any]:
    meant = [line for line in order.items if talk.slot(ITEM) in (ALL, line.sku)]
    reason = phrase(talk, f"reason-{talk.slot(REASON)}")
    wanted = phrase(talk, "wanted", what=talk.slot(WANTED)) if talk.slot(WANTED) else ""
    return {"number": order.number, "items": items(talk, meant), "reason": reason, "wanted": wanted}
