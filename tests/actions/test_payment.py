"""Invoices are asked for once and go to the contact on file."""

from __future__ import annotations

import pytest

from actions.payment import ActionPaymentCheckInvoice, ActionPaymentRequestInvoice
from crm_core.crm import Crm
from tests.small_shop import EMAIL, SmallShop

SLOTS = {"order_number": "RP100234", "contact": EMAIL}


@pytest.fixture
def shop(crm: Crm) -> SmallShop:
    made = SmallShop(crm)
    made.order(customer=made.customer())
    return made


def test_an_invoice_gets_a_reference_and_no_address_is_said(shop, tracker, perform, dispatcher):
    perform(ActionPaymentRequestInvoice(shop.crm), tracker("", conversation_id=shop.guest(), slots=SLOTS))
    said = dispatcher.values("utter_payment_invoice_requested")
    assert said["reference"].startswith("IN-")
    assert EMAIL not in str(said)


def test_an_invoice_that_was_asked_for_is_found_and_one_that_was_not_is_offered(shop, tracker, perform, dispatcher):
    conversation = tracker("", conversation_id=shop.guest(), slots=SLOTS)
    assert perform(ActionPaymentCheckInvoice(shop.crm), conversation) == {"shared_offer": "request_invoice"}
    perform(ActionPaymentRequestInvoice(shop.crm), conversation)
    perform(ActionPaymentCheckInvoice(shop.crm), conversation)
    assert dispatcher.responses == [
        "utter_payment_invoice_none",
        "utter_payment_invoice_requested",
        "utter_payment_invoice_open",
    ]


@pytest.mark.parametrize("action", [ActionPaymentRequestInvoice, ActionPaymentCheckInvoice])
def test_a_form_that_found_no_order_is_followed_by_silence(shop, tracker, perform, dispatcher, action):
    perform(action(shop.crm), tracker("", conversation_id=shop.guest()))
    assert dispatcher.responses == []
