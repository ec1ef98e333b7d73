"""A return needs the item where there are several, a reason and a yes; refunds are told how far they are."""

from __future__ import annotations

from typing import Any

import pytest

from actions.order_return import ActionAskOrderReturnConfirmed, ActionAskOrderReturnItem, ActionOrderReturn
from actions.order_return import ValidateOrderReturnForm as Form
from actions.order_return_track import ActionOrderReturnTrack
from crm_core.crm import Crm
from tests.small_shop import LINES, SmallShop

FORM = "order_return_form"
KIND, ITEM, REASON = "order_return_kind", "order_return_item", "order_return_reason"
CONFIRMED = "order_return_confirmed"


@pytest.fixture
def shop(crm: Crm) -> SmallShop:
    return SmallShop(crm)


@pytest.fixture
def talk(shop: SmallShop) -> str:
    """A conversation with Anna, who has order RP100234 with a lamp and a shirt."""
    anna = shop.customer()
    shop.order(status="delivered", customer=anna)
    return shop.signed_in(anna)


@pytest.fixture
def hear(shop: SmallShop, talk: str, tracker: Any, perform: Any) -> Any:
    """Let the form read a message."""

    def say(text: str, *, asked: str | None = None, **options: Any) -> dict[str, Any]:
        slots = {"requested_slot": asked, "order_number": "RP100234"} | options.pop("slots", {})
        conversation = tracker(text, conversation_id=talk, slots=slots, loop=FORM, opens=asked is None, **options)
        return perform(Form(shop.crm), conversation)

    return say


def test_the_item_is_asked_for_where_there_are_several(hear):
    heard = hear("I want to return something", intent="return_order")
    assert (heard[KIND], heard["requested_slot"]) == ("return", ITEM)


def test_the_size_that_is_wanted_instead_is_noted_and_said(shop, talk, tracker, perform, dispatcher):
    text = "exchange everything in RP100234 from size M to L"
    said = tracker(text, intent="exchange_order", conversation_id=talk, loop=FORM, opens=True)
    said.latest_message["entities"] = [
        {"entity": "order_number", "value": "RP100234", "start": 23, "end": 31},
        {"entity": "size", "value": "M", "role": "from", "start": 42, "end": 43},
        {"entity": "size", "value": "L", "role": "to", "start": 47, "end": 48},
    ]
    slots = perform(Form(shop.crm), said) | {REASON: "wrong_size", "order_number": "RP100234"}
    assert slots["order_return_wanted"] == "L"
    perform(ActionAskOrderReturnConfirmed(shop.crm), tracker("", conversation_id=talk, slots=slots))
    assert dispatcher.messages[-1]["wanted"] == ", wanted: L"


def test_what_was_named_at_once_is_not_asked_again(hear):
    heard = hear("the lamp arrived broken, I want my money back", intent="request_refund")
    assert (heard[KIND], heard[ITEM], heard[REASON], heard["requested_slot"]) == (
        "refund",
        "HO1001",
        "damaged",
        CONFIRMED,
    )


def test_everything_means_the_whole_order(hear):
    heard = hear("I want to return everything", intent="return_order")
    assert (heard[ITEM], heard["requested_slot"]) == ("all", REASON)


def test_an_order_of_one_item_asks_for_none(shop, tracker, perform):
    anna = shop.customer("C10002", "li@example.cn", None)
    shop.order("RP100900", "delivered", customer=anna, lines=LINES[:1])
    conversation = tracker(
        "return it",
        intent="return_order",
        conversation_id=shop.signed_in(anna),
        slots={"order_number": "RP100900"},
        loop=FORM,
        opens=True,
    )
    heard = perform(Form(shop.crm), conversation)
    assert (heard[ITEM], heard["requested_slot"]) == ("all", REASON)


@pytest.mark.parametrize(
    ("text", "entities", "reason"),
    [
        ("it's too small", {}, "wrong_size"),
        ('/inform{"order_return_reason": "late"}', {REASON: "late"}, "late"),
        ("my cat hates the smell", {}, "other"),
    ],
)
def test_a_reason_is_taken_from_a_button_or_free_words(hear, text, entities, reason):
    heard = hear(text, asked=REASON, slots={KIND: "return", ITEM: "all"}, entities=entities)
    assert (heard[REASON], heard["requested_slot"]) == (reason, CONFIRMED)


def test_another_kind_at_the_confirmation_is_no_no(hear):
    slots = {KIND: "return", ITEM: "all", REASON: "damaged"}
    heard = hear("no, rather exchange it", asked=CONFIRMED, intent="exchange_order", slots=slots)
    assert (heard[KIND], heard[CONFIRMED], heard["requested_slot"]) == ("exchange", None, CONFIRMED)


@pytest.mark.parametrize(("status", "why"), [("shipped", "not_delivered"), ("paid", "not_shipped")])
def test_what_cannot_come_back_ends_with_the_reason(shop, tracker, perform, dispatcher, status, why):
    anna = shop.customer()
    shop.order(status=status, customer=anna)
    conversation = tracker(
        "return it",
        intent="return_order",
        conversation_id=shop.signed_in(anna),
        slots={"order_number": "RP100234"},
        loop=FORM,
        opens=True,
    )
    assert perform(Form(shop.crm), conversation)["requested_slot"] is None
    assert dispatcher.responses == [f"utter_order_return_{why}"]


def test_the_choice_of_items_has_a_button_each_and_one_for_all(shop, talk, tracker, perform, dispatcher):
    conversation = tracker("", conversation_id=talk, slots={"order_number": "RP100234"})
    perform(ActionAskOrderReturnItem(shop.crm), conversation)
    assert [button["title"] for button in dispatcher.buttons] == [
        "Bamboo Desk Lamp",
        "Linen Shirt",
        "Everything in the order",
    ]


def test_what_was_understood_is_said_before_the_yes(shop, talk, tracker, perform, dispatcher):
    slots = {"order_number": "RP100234", KIND: "exchange", ITEM: "CL2002", REASON: "wrong_size", "language": "zh"}
    perform(ActionAskOrderReturnConfirmed(shop.crm), tracker("", conversation_id=talk, slots=slots))
    said = dispatcher.values("utter_order_return_ask_exchange")
    assert (said["items"], said["reason"]) == ("Linen Shirt × 2", "尺寸不合适")


def test_a_confirmed_return_gets_a_reference_and_is_found_again(shop, talk, tracker, perform, dispatcher):
    slots = {"order_number": "RP100234", KIND: "return", ITEM: "CL2002", REASON: "damaged", CONFIRMED: True}
    perform(ActionOrderReturn(shop.crm), tracker("yes", conversation_id=talk, slots=slots))
    assert dispatcher.values("utter_order_return_return_done")["reference"].startswith("RT-")
    perform(ActionOrderReturnTrack(shop.crm), tracker("", conversation_id=talk, slots={"order_number": "RP100234"}))
    assert dispatcher.values("utter_order_return_track_open")["kind"] == "return"


@pytest.mark.parametrize(
    ("status", "response"),
    [
        ("delivered", "utter_order_return_track_none"),
        ("cancelled", "utter_order_return_track_cancelled"),
        ("returned", "utter_order_return_track_returned"),
    ],
)
def test_a_refund_nobody_asked_for_here_is_told_by_the_order(shop, tracker, perform, dispatcher, status, response):
    anna = shop.customer()
    shop.order(status=status, customer=anna)
    conversation = tracker("", conversation_id=shop.signed_in(anna), slots={"order_number": "RP100234"})
    perform(ActionOrderReturnTrack(shop.crm), conversation)
    assert dispatcher.responses == [response]


def test_a_reason_given_instead_of_the_item_is_kept(hear, dispatcher):
    heard = hear("I no longer want it", asked=ITEM, slots={KIND: "return"})
    assert (heard[REASON], heard["requested_slot"]) == ("no_longer_wanted", ITEM)
    assert dispatcher.responses == []


def test_only_orders_that_may_come_back_are_offered(shop, tracker, perform):
    anna = shop.customer()
    shop.order("RP100001", "delivered", customer=anna, placed_days_ago=200)
    shop.order("RP100002", "delivered", customer=anna, placed_days_ago=10)
    shop.order("RP100003", "shipped", customer=anna, placed_days_ago=1)
    conversation = tracker(
        "I want to return something",
        intent="return_order",
        conversation_id=shop.signed_in(anna),
        loop=FORM,
        opens=True,
    )
    assert perform(Form(shop.crm), conversation)["order_number"] == "RP100002"
