"""A new address is freed from what is said around it, confirmed, and kept."""

from __future__ import annotations

from typing import Any

import pytest

from actions.order_address import ActionOrderAddress, ValidateOrderAddressForm
from crm_core.crm import Crm
from tests.small_shop import EMAIL, SmallShop

FORM = "order_address_form"
ADDRESS, CONFIRMED = "order_address_new", "order_address_confirmed"


@pytest.fixture
def shop(crm: Crm) -> SmallShop:
    return SmallShop(crm)


@pytest.fixture
def hear(shop: SmallShop, tracker: Any, perform: Any) -> Any:
    """Let the form read a message about order RP100234, found with Anna's e-mail address."""
    shop.order(customer=shop.customer())
    talk = shop.guest()

    def say(text: str, *, asked: str | None = ADDRESS, **options: Any) -> dict[str, Any]:
        slots = {"requested_slot": asked, "order_number": "RP100234", "contact": EMAIL} | options.pop("slots", {})
        conversation = tracker(text, conversation_id=talk, slots=slots, loop=FORM, opens=asked is None, **options)
        before = [{"event": "slot", "name": name, "value": slots[name]} for name in ("order_number", "contact")]
        conversation.events[:0] = before
        conversation.slots |= {name: value for name, value in (options.get("entities") or {}).items() if name in slots}
        return perform(ValidateOrderAddressForm(shop.crm), conversation)

    return say


def test_the_address_is_taken_and_confirmed(hear):
    heard = hear("to 12 Hill Road, Leeds LS1 4AB please")
    assert (heard[ADDRESS], heard["requested_slot"]) == ("12 Hill Road, Leeds LS1 4AB", CONFIRMED)


def test_the_first_message_may_hold_it(hear):
    heard = hear("send my order to 12 Hill Road, Leeds LS1 4AB instead", asked=None, intent="change_shipping_address")
    assert (heard[ADDRESS], heard["requested_slot"]) == ("12 Hill Road, Leeds LS1 4AB", CONFIRMED)


def test_half_an_address_gets_a_hint(hear, dispatcher):
    assert hear("Leeds")["requested_slot"] == ADDRESS
    assert dispatcher.responses == ["utter_order_address_hint"]


def test_a_postcode_is_no_order_number_and_a_phone_in_the_address_no_contact(hear):
    heard = hear(
        "北京市朝阳区建国路88号 100022 电话 13800138000", entities={"order_number": "100022", "phone": "13800138000"}
    )
    assert (heard["order_number"], heard["contact"]) == ("RP100234", EMAIL)
    assert heard["requested_slot"] == CONFIRMED


def test_a_no_with_another_address_replaces_the_first(hear):
    heard = hear("no, 21 Hill Road, Leeds", asked=CONFIRMED, intent="deny", slots={ADDRESS: "12 Hill Road, Leeds"})
    assert (heard[ADDRESS], heard[CONFIRMED], heard["requested_slot"]) == ("21 Hill Road, Leeds", None, CONFIRMED)


def test_a_bare_no_asks_for_another_address(hear):
    heard = hear("/deny", asked=CONFIRMED, intent="deny", slots={ADDRESS: "12 Hill Road, Leeds"})
    assert (heard[ADDRESS], heard["requested_slot"]) == (None, ADDRESS)


def test_the_confirmed_address_is_kept(shop, tracker, perform, dispatcher):
    order_id = shop.order(customer=shop.customer())
    slots = {"order_number": "RP100234", "contact": EMAIL, ADDRESS: "12 Hill Road, Leeds", CONFIRMED: True}
    assert perform(ActionOrderAddress(shop.crm), tracker("yes", conversation_id=shop.guest(), slots=slots)) == {
        ADDRESS: None,
        CONFIRMED: None,
    }
    assert dispatcher.values("utter_order_address_done")["address"] == "12 Hill Road, Leeds"
    assert [request.kind for request in shop.crm.orders.requests(order_id)] == ["address"]


def test_what_was_shipped_meanwhile_is_said(shop, tracker, perform, dispatcher):
    shop.order(status="shipped", customer=shop.customer())
    slots = {"order_number": "RP100234", "contact": EMAIL, ADDRESS: "12 Hill Road, Leeds", CONFIRMED: True}
    perform(ActionOrderAddress(shop.crm), tracker("yes", conversation_id=shop.guest(), slots=slots))
    assert dispatcher.responses == ["utter_order_address_shipped"]


@pytest.fixture
def said_at_home(shop: SmallShop, tracker: Any, perform: Any) -> Any:
    """Let the form read a message of a signed-in customer with two orders, the other one of which was redirected."""
    anna = shop.customer()
    shop.order(customer=anna)
    shop.order("RP100235", customer=anna)
    talk = shop.signed_in(anna)

    def say(text: str, *, redirected: bool = True) -> dict[str, Any]:
        if redirected:
            shop.crm.orders.change_address(talk, "RP100235", address="12 Hill Road, Leeds LS1 4AB")
        slots = {"requested_slot": ADDRESS, "order_number": "RP100234"}
        return perform(ValidateOrderAddressForm(shop.crm), tracker(text, conversation_id=talk, slots=slots, loop=FORM))

    return say


@pytest.mark.parametrize("text", ["same address as last time", "跟上次一样的地址"])
def test_the_address_of_the_last_order_is_known_to_its_customer(said_at_home, text):
    heard = said_at_home(text)
    assert (heard[ADDRESS], heard["requested_slot"]) == ("12 Hill Road, Leeds LS1 4AB", CONFIRMED)


def test_without_an_earlier_address_one_is_asked_for(said_at_home, dispatcher):
    assert said_at_home("same address as last time", redirected=False)["requested_slot"] == ADDRESS
    assert dispatcher.responses == ["utter_order_address_none_before"]


def test_a_guest_is_not_told_where_earlier_orders_went(hear, dispatcher):
    heard = hear("same address as last time")
    assert (heard.get(ADDRESS), heard["requested_slot"]) == (None, ADDRESS)
    assert dispatcher.responses == ["utter_order_address_sign_in"]
