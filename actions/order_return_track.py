"""How far a refund, a return or an exchange is."""

from __future__ import annotations

from datetime import timedelta

from actions.base import CrmAction, Event
from actions.forms import CrmForm
from actions.order_step import OrderStep
from actions.order_words import on_day, phrase, the_order
from actions.step import Step
from actions.talk import Talk
from crm_core.orders.policy import REFUND_DAYS, RETURN_KINDS

KINDS = ("cancel", *RETURN_KINDS)


class ValidateOrderReturnTrackForm(CrmForm):
    """Find out whose refund is asked about."""

    form = "order_return_track_form"
    triggers = frozenset({"track_refund"})

    def steps(self) -> list[Step]:
        """Ask for nothing but the order."""
        return [OrderStep("track")]


class ActionOrderReturnTrack(CrmAction):
    """Say how far it is."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_order_return_track"

    def act(self, talk: Talk) -> list[Event]:
        """Tell the newest request that brings money or goods back, or that there is none."""
        number = talk.slot("order_number")
        if not number:
            return []  # the form ended without an order, and has said why
        order = the_order(talk)
        asked = [request for request in talk.crm.orders.requests(order.id) if request.kind in KINDS]
        if not asked:
            state = order.status if order.status in ("cancelled", "returned") else "none"
            talk.say(f"utter_order_return_track_{state}", number=number)
            return []
        latest = asked[0]
        talk.say(
            f"utter_order_return_track_{'cancelled' if latest.kind == 'cancel' else latest.status}",
            number=number,
            kind=phrase(talk, f"request-{latest.kind}"),
            reference=latest.reference,
            since=on_day(talk, latest.created_at),
            until=on_day(talk, latest.created_at + timedelta(days=REFUND_DAYS)),
        )
        return []
