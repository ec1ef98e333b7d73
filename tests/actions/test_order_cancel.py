"""Cancelling is checked first, confirmed second, done once."""

from __future__ import annotations

from typing import Any

import pytest

from actions.order_cancel import ActionAskOrderCancelConfirmed, ActionOrderCancel, ValidateOrderCancelForm
from crm_core.crm import Crm
from tests.small_shop import SmallShop

FORM = "order_cancel_form"
CONFIRMED = "order_cancel_confirmed"


@pytest.fixture
def shop(crm: Crm) -> SmallShop:
    return SmallShop(crm)


@pytest.fixture
def hear(shop: SmallShop, tracker: Any, perform: Any) -> Any:
    """Let the form read an answer to "shall I?" about order RP100234."""

    def say(talk: str, text: str, *, intent: str = "inform", **options: Any) -> dict[str, Any]:
        slots = {"requested_slot": CONFIRMED, "order_number": "RP100234"}
        conversation = tracker(text, conversation_id=talk, intent=intent, slots=slots, loop=FORM, **options)
        return perform(ValidateOrderCancelForm(shop.crm), conversation)

    return say


@pytest.mark.parametrize(
    ("text", "intent", "confirmed"),
    [
        ("yes", "affirm", True),
        ("cancel it", "cancel_order", True),
        ("/affirm", "affirm", True),
        ("/deny", "deny", False),
        ("no, don't cancel", "cancel_order", False),
        ("never mind", "stop", False),
        ("好的", "inform", True),
    ],
)
def test_a_yes_is_a_yes_and_a_no_is_a_no(shop, hear, text, intent, confirmed):
    anna = shop.customer()
    shop.order(customer=anna)
    heard = hear(shop.signed_in(anna), text, intent=intent)
    assert (heard[CONFIRMED], heard["requested_slot"]) == (confirmed, None)


@pytest.mark.parametrize("text", ["can I still return it?", "what about the shipping?", "可以免费取消吗"])
def test_a_question_is_no_yes(shop, hear, text):
    anna = shop.customer()
    shop.order(customer=anna)
    heard = hear(shop.signed_in(anna), text, intent="ask_refund_policy")
    assert heard == {"requested_slot": CONFIRMED}


def test_another_number_at_the_confirmation_is_no_no_but_another_order(shop, hear):
    anna = shop.customer()
    shop.order(customer=anna)
    shop.order("RP100235", customer=anna)
    heard = hear(shop.signed_in(anna), "no, I meant RP100235", intent="deny", entities={"order_number": "RP100235"})
    assert (heard["order_number"], heard[CONFIRMED], heard["requested_slot"]) == ("RP100235", None, CONFIRMED)


@pytest.mark.parametrize("status", ["shipped", "delivered", "cancelled", "returned"])
def test_what_has_gone_too_far_ends_with_the_reason(shop, tracker, perform, dispatcher, status):
    anna = shop.customer()
    shop.order(status=status, customer=anna)
    conversation = tracker(
        "cancel it", conversation_id=shop.signed_in(anna), slots={"order_number": "RP100234"}, loop=FORM, opens=True
    )
    heard = perform(ValidateOrderCancelForm(shop.crm), conversation)
    assert heard["requested_slot"] is None
    assert dispatcher.responses == [f"utter_order_cancel_{status}"]
    perform(ActionOrderCancel(shop.crm), tracker("", slots={"order_number": "RP100234", CONFIRMED: heard[CONFIRMED]}))
    assert dispatcher.responses == [f"utter_order_cancel_{status}"]


def test_what_would_be_cancelled_is_shown(shop, tracker, perform, dispatcher):
    anna = shop.customer()
    shop.order(customer=anna)
    conversation = tracker("", conversation_id=shop.signed_in(anna), slots={"order_number": "RP100234"})
    perform(ActionAskOrderCancelConfirmed(shop.crm), conversation)
    said = dispatcher.values("utter_order_cancel_ask_confirmed")
    assert (said["number"], said["total"]) == ("RP100234", "$139.70")


@pytest.mark.parametrize(
    ("confirmed", "response", "status"),
    [(True, "utter_order_cancel_done", "cancelled"), (False, "utter_order_cancel_kept", "paid")],
)
def test_only_what_was_confirmed_is_cancelled(shop, tracker, perform, dispatcher, confirmed, response, status):
    anna = shop.customer()
    shop.order(customer=anna)
    talk = shop.signed_in(anna)
    slots = {"order_number": "RP100234", CONFIRMED: confirmed}
    perform(ActionOrderCancel(shop.crm), tracker("", conversation_id=talk, slots=slots))
    assert dispatcher.responses == [response]
    assert shop.crm.orders.find(talk, "RP100234").status == status


@pytest.fixture
def two_orders(shop: SmallShop, tracker: Any, perform: Any) -> Any:
    """Let the form read a message of a signed-in customer with two orders."""
    anna = shop.customer()
    shop.order(customer=anna)
    shop.order("RP100877", customer=anna)
    talk = shop.signed_in(anna)

    def say(text: str, *, asked: str = CONFIRMED, intent: str = "deny") -> dict[str, Any]:
        slots = {"requested_slot": asked, "order_number": None if asked == "order_number" else "RP100234"}
        conversation = tracker(text, conversation_id=talk, intent=intent, slots=slots, loop=FORM)
        return perform(ValidateOrderCancelForm(shop.crm), conversation)

    return say


@pytest.mark.parametrize("text", ["no, the other order", "not this one", "不是，是另外一单", "sorry, I meant 877"])
def test_of_two_orders_the_other_one_is_taken_and_confirmed_anew(two_orders, text):
    heard = two_orders(text)
    assert (heard["order_number"], heard[CONFIRMED], heard["requested_slot"]) == ("RP100877", None, CONFIRMED)


def test_the_end_of_a_number_chooses_an_order(two_orders):
    assert two_orders("877", asked="order_number", intent="inform")["order_number"] == "RP100877"


def test_a_guest_who_means_another_order_is_asked_which(shop, hear):
    anna = shop.customer()
    shop.order(customer=anna)
    heard = hear(shop.guest(), "no, the other order", intent="deny")
    assert (heard["order_number"], heard["requested_slot"]) == (None, "order_number")
