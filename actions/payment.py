"""Invoices: asked for, and looked after."""

from __future__ import annotations

from actions.base import CrmAction, Event
from actions.forms import CrmForm
from actions.meanings import offer
from actions.order_step import OrderStep
from actions.order_words import on_day, the_order
from actions.step import Step
from actions.talk import Talk


class ValidatePaymentInvoiceForm(CrmForm):
    """Find out which order's invoice is wanted."""

    form = "payment_invoice_form"
    triggers = frozenset({"request_invoice"})

    def steps(self) -> list[Step]:
        """Ask for nothing but the order."""
        return [OrderStep("invoice")]


class ValidatePaymentCheckForm(CrmForm):
    """Find out which order's invoice is asked about."""

    form = "payment_check_form"
    triggers = frozenset({"check_invoice"})

    def steps(self) -> list[Step]:
        """Ask for nothing but the order."""
        return [OrderStep("invoice")]


class ActionPaymentRequestInvoice(CrmAction):
    """Have the invoice sent to the contact on file."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_payment_request_invoice"

    def act(self, talk: Talk) -> list[Event]:
        """Ask for it once and give the reference."""
        number = talk.slot("order_number")
        if number:
            made = talk.crm.orders.request_invoice(talk.conversation_id, number, contact=talk.slot("contact"))
            talk.say("utter_payment_invoice_requested", number=number, reference=made.reference)
        return []


class ActionPaymentCheckInvoice(CrmAction):
    """Say whether the invoice is on its way."""

    def name(self) -> str:
        """Give the action's name in the domain."""
        return "action_payment_check_invoice"

    def act(self, talk: Talk) -> list[Event]:
        """Tell how far the newest request is; where there is none, offer to make one."""
        number = talk.slot("order_number")
        if not number:
            return []
        order = the_order(talk)
        asked = [request for request in talk.crm.orders.requests(order.id) if request.kind == "invoice"]
        if not asked:
            talk.say("utter_payment_invoice_none", number=number)
            return offer("request_invoice")
        since = on_day(talk, asked[0].created_at)
        talk.say(f"utter_payment_invoice_{asked[0].status}", number=number, reference=asked[0].reference, since=since)
        return []
