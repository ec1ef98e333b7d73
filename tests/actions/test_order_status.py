"""An order is found by its number, proved by sign-in or contact, and told in words; guessing leads nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.order_status import ActionAskOrderNumber, ActionOrderStatusDelivery, ActionOrderStatusShow
from actions.order_status import ValidateOrderStatusForm as Form
from crm_core.crm import Crm
from tests.small_shop import EMAIL, SmallShop

FORM = "order_status_form"


@pytest.fixture
def shop(crm: Crm) -> SmallShop:
    return SmallShop(crm)


@pytest.fixture
def hear(shop: SmallShop, tracker: Any, perform: Any) -> Any:
    """Let the form read one message of a conversation."""

    def say(talk: str, text: str, *, asked: str | None = None, **options: Any) -> dict[str, Any]:
        slots = {"requested_slot": asked} | options.pop("slots", {})
        loop = {"loop": FORM, "opens": asked is None} | options
        return perform(Form(shop.crm), tracker(text, conversation_id=talk, slots=slots, **loop))

    return say


def test_a_guest_is_asked_for_the_number_first(shop, hear, dispatcher):
    assert hear(shop.guest(), "where is my order")["requested_slot"] == "order_number"
    assert dispatcher.responses == []


def test_a_number_alone_proves_nothing_and_is_not_looked_up(shop, hear):
    talk = shop.guest()
    heard = hear(talk, "RP999999", asked="order_number")
    assert (heard["order_number"], heard["requested_slot"]) == ("RP999999", "contact")
    assert shop.crm.orders.failures(talk) == 0


def test_number_and_contact_in_one_message_are_enough(shop, hear):
    shop.order(customer=shop.customer())
    entities = {"order_number": "rp 100234", "email": EMAIL}
    heard = hear(shop.guest(), "where is rp 100234", entities=entities)
    assert (heard["order_number"], heard["contact"], heard["requested_slot"]) == ("RP100234", EMAIL, None)


@pytest.mark.parametrize("number", ["RP100234", "RP999999"])
def test_unknown_and_not_yours_sound_the_same(shop, hear, dispatcher, number):
    shop.order(customer=shop.customer())
    heard = hear(shop.guest(), "x@example.com", asked="contact", slots={"order_number": number},
                 entities={"email": "x@example.com"})  # fmt: skip
    assert dispatcher.responses == ["utter_order_status_not_found"]
    assert (heard["order_number"], heard["contact"], heard["requested_slot"]) == (None, None, "order_number")


def test_after_three_tries_a_person_is_offered_and_the_form_ends(shop, hear, dispatcher):
    talk = shop.guest()
    for _ in range(3):
        heard = hear(talk, "RP1 x", asked="order_number", entities={"order_number": "RP999999", "email": EMAIL})
    assert dispatcher.responses[-1] == "utter_order_status_gave_up"
    assert heard["requested_slot"] is None
    assert heard["shared_offer"] == "request_person"


def test_the_only_open_order_of_a_signed_in_customer_is_taken(shop, hear):
    anna = shop.customer()
    shop.order("RP100234", "shipped", customer=anna)
    shop.order("RP100001", "delivered", customer=anna)
    heard = hear(shop.signed_in(anna), "where is my order")
    assert (heard["order_number"], heard["requested_slot"]) == ("RP100234", None)


def test_of_several_open_orders_one_is_asked_for_by_buttons(shop, hear, tracker, perform, dispatcher):
    anna = shop.customer()
    for number in ("RP100234", "RP100235"):
        shop.order(number, "shipped", customer=anna)
    talk = shop.signed_in(anna)
    assert hear(talk, "where is my order")["requested_slot"] == "order_number"
    perform(ActionAskOrderNumber(shop.crm), tracker("", conversation_id=talk, loop=FORM))
    assert {button["payload"] for button in dispatcher.buttons} == {
        '/inform{"order_number": "RP100234"}',
        '/inform{"order_number": "RP100235"}',
    }


def test_the_latest_order_is_known_by_that_name(shop, hear):
    anna = shop.customer()
    shop.order("RP100234", "shipped", customer=anna, placed_days_ago=9)
    shop.order("RP100235", "shipped", customer=anna, placed_days_ago=1)
    assert hear(shop.signed_in(anna), "where's my latest order")["order_number"] == "RP100235"


@pytest.mark.parametrize("asked", [None, "order_number"])
def test_an_order_is_known_by_what_is_in_it_and_when_it_was_placed(shop, hear, asked):
    anna = shop.customer()
    headphones, lamp = (("EL1", "Over-ear Headphones", 1, 100),), (("HO1", "Desk Lamp", 1, 100),)
    for number, lines, days in (("RP100234", headphones, 6), ("RP100235", lamp, 6), ("RP100236", headphones, 40)):
        shop.order(number, "shipped", customer=anna, lines=lines, placed_days_ago=days)
    day = (shop.crm._context.clock() - timedelta(days=6)).date().isoformat()
    said = {"text": "the headphones I bought last Tuesday", "entities": {"date": day}}
    assert hear(shop.signed_in(anna), asked=asked, **said)["order_number"] == "RP100234"


def test_of_several_orders_that_were_described_only_those_are_offered(shop, hear, tracker, perform, dispatcher):
    anna = shop.customer()
    for number, title in (("RP100234", "Desk Lamp"), ("RP100235", "Mug"), ("RP100236", "Wall Lamp")):
        shop.order(number, "shipped", customer=anna, lines=(("X", title, 1, 100),))
    talk = shop.signed_in(anna)
    assert hear(talk, "where is my lamp")["requested_slot"] == "order_number"
    perform(ActionAskOrderNumber(shop.crm), tracker("where is my lamp", conversation_id=talk, loop=FORM))
    assert [button["payload"][-10:-2] for button in dispatcher.buttons] in (
        ["RP100236", "RP100234"],
        ["RP100234", "RP100236"],
    )


def test_of_two_numbers_the_one_that_is_meant_is_taken(shop, hear, tracker, perform):
    anna = shop.customer()
    for number in ("RP100234", "RP100235"):
        shop.order(number, "shipped", customer=anna)
    talk = shop.signed_in(anna)
    said = tracker("RP100235 instead of RP100234", conversation_id=talk, loop=FORM, opens=True)
    said.latest_message["entities"] = [
        {"entity": "order_number", "value": "RP100235", "role": "to"},
        {"entity": "order_number", "value": "RP100234", "role": "from"},
    ]
    assert perform(Form(shop.crm), said)["order_number"] == "RP100235"


def test_a_customer_without_orders_is_told_so(shop, hear, dispatcher):
    assert hear(shop.signed_in(shop.customer()), "my order?")["requested_slot"] is None
    assert dispatcher.responses == ["utter_order_status_none"]


def test_an_answer_that_is_none_gets_a_hint(shop, hear, dispatcher):
    assert hear(shop.guest(), "dunno", asked="order_number", intent="nlu_fallback")["requested_slot"] == "order_number"
    assert dispatcher.responses == ["utter_order_status_order_number_hint"]


@pytest.mark.parametrize("intent", ["ask_payment_methods", "stop", "request_person"])
def test_a_question_is_left_to_the_rules(shop, hear, dispatcher, intent):
    assert hear(shop.guest(), "how can I pay", asked="contact", intent=intent) == {"requested_slot": "contact"}
    assert dispatcher.responses == []


def test_a_message_that_was_answered_meanwhile_is_not_read_again(shop, tracker, perform):
    conversation = tracker("RP100234", conversation_id=shop.guest(), loop=FORM, slots={"requested_slot": "contact"})
    conversation.events.append({"event": "action", "name": "utter_payment_methods"})
    assert perform(Form(shop.crm), conversation)["requested_slot"] == "order_number"


@pytest.mark.parametrize(
    ("status", "expected_days", "response", "solved"),
    [
        ("paid", 3, "utter_order_status_paid", True),
        ("shipped", 3, "utter_order_status_shipped", True),
        ("shipped", -3, "utter_order_status_late", False),
        ("delivered", -3, "utter_order_status_delivered", True),
        ("cancelled", 3, "utter_order_status_cancelled", True),
    ],
)
def test_the_status_is_said_in_words(
    shop, tracker, perform, dispatcher, clock, status, expected_days, response, solved
):
    from datetime import timedelta

    anna = shop.customer()
    expected = clock() + timedelta(days=expected_days)
    shop.order("RP100234", status, customer=anna, expected_at=expected, carrier="UPS", tracking_number="UP1")
    conversation = tracker("", conversation_id=shop.signed_in(anna), slots={"order_number": "RP100234"})
    assert perform(ActionOrderStatusShow(shop.crm), conversation) == {"order_status_shown": solved}
    said = dispatcher.values(response)
    assert said["items"] == "1 × Bamboo Desk Lamp and 2 × Linen Shirt"
    assert said["total"] == "$139.70"
    assert ("UP1" in said["details"]) == (status == "shipped")


def test_dates_and_items_are_said_in_chinese_as_well(shop, tracker, perform, dispatcher, clock):
    shop.order("RP100234", "shipped", email=EMAIL, expected_at=clock(), carrier="顺丰", tracking_number="SF1")
    slots = {"order_number": "RP100234", "contact": EMAIL, "language": "zh"}
    perform(ActionOrderStatusShow(shop.crm), tracker("", conversation_id=shop.guest(), slots=slots))
    said = dispatcher.values("utter_order_status_shipped")
    assert said["details"] == "预计 2026年3月2日 前送达。由 顺丰 承运，运单号 SF1。"
    assert said["items"] == "Bamboo Desk Lamp × 1和Linen Shirt × 2"


def test_a_form_that_gave_up_is_not_followed_by_an_offer(shop, tracker, perform, dispatcher):
    conversation = tracker("", conversation_id=shop.guest())
    assert perform(ActionOrderStatusShow(shop.crm), conversation) == {"order_status_shown": False}
    assert dispatcher.responses == []


def test_a_stranger_who_asks_how_long_it_takes_gets_the_general_answer(shop, tracker, perform, dispatcher):
    perform(ActionOrderStatusDelivery(shop.crm), tracker("how long", conversation_id=shop.guest()))
    assert dispatcher.responses == ["utter_order_status_delivery_period"]


def test_how_long_it_takes_does_not_leave_another_form(shop, tracker, perform, dispatcher):
    talk = shop.signed_in(shop.customer())
    perform(ActionOrderStatusDelivery(shop.crm), tracker("how long?", conversation_id=talk, loop="order_address_form"))
    assert dispatcher.responses == ["utter_order_status_delivery_usual"]
