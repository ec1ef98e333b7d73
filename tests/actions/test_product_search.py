"""Searching, asking for stock and price, and ordering."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.product_search import ActionProductSearch, ValidateProductSearchForm
from actions.product_search_order import ActionProductSearchOrder
from actions.product_search_questions import ActionProductSearchPrice, ActionProductSearchStock
from crm_core.crm import Crm
from tests.crm_core.shelf import MUG, POT, TENT, fill, visitor

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


@pytest.fixture
def shop(crm: Crm) -> Crm:
    fill(crm)
    return crm


def test_a_search_shows_cards_and_remembers_them(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    slots = perform(ActionProductSearch(shop), tracker("do you have mugs?", intent="search_product"))
    assert dispatcher.responses == ["utter_product_search_found"]
    (card,) = dispatcher.custom("cards")
    assert card == {
        "sku": "MUG",
        "title": "Enamel Camping Mug, red",
        "price": "$9.90",
        "image": None,
        "url": "/products/MUG",
        "stock": "in_stock",
        "reason": None,
        "served_id": None,
    }
    assert slots["product_search_shown"] == ["MUG"]
    assert slots["product_search_last"] == "do you have mugs?"


def test_a_chinese_search_shows_chinese_titles(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(ActionProductSearch(shop), tracker("50元以下的马克杯", slots={"language": "zh"}))
    assert dispatcher.custom("cards")[0]["title"] == "搪瓷马克杯（红色）"


def test_a_bare_search_asks_what_is_looked_for(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    slots = perform(ActionProductSearch(shop), tracker("i'm looking for something", intent="search_product"))
    assert slots == {"product_search_purpose": "search"}
    assert dispatcher.messages == []


def test_a_pressed_button_without_words_asks_too(shop: Crm, tracker: Make, perform: Perform) -> None:
    assert perform(ActionProductSearch(shop), tracker("/search_product"))["product_search_purpose"] == "search"


def test_where_nothing_fits_a_button_leads_to_the_closest_category(
    shop: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    perform(ActionProductSearch(shop), tracker("kitchen robot helicopter"))
    assert dispatcher.responses == ["utter_product_search_closest"]
    assert dispatcher.buttons == [
        {"title": "Show Kitchen", "payload": '/search_product{"product_category": "kitchen"}'}
    ]
    dispatcher.messages.clear()
    perform(ActionProductSearch(shop), tracker("/search_product", entities={"product_category": "kitchen"}))
    assert {card["sku"] for card in dispatcher.custom("cards")} == {MUG[0], POT[0]}


def test_what_costs_more_is_said_to_cost_more(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(ActionProductSearch(shop), tracker("a teapot under 5 dollars"))
    assert dispatcher.responses == ["utter_product_search_dearer"]


def test_what_is_not_there_is_said_not_to_be(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(ActionProductSearch(shop), tracker("do you sell helicopters?"))
    assert dispatcher.responses == ["utter_product_search_none"]


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("is the enamel mug in stock?", "utter_product_search_in_stock"),
        ("玻璃茶壶还有货吗", "utter_product_search_low"),
        ("do you still have the two-person tent", "utter_product_search_out"),
    ],
)
def test_stock_of_a_named_product_is_told(
    shop: Crm, tracker: Make, perform: Perform, dispatcher: Any, text: str, response: str
) -> None:
    perform(ActionProductSearchStock(shop), tracker(text, intent="check_stock"))
    assert dispatcher.responses == [response]


def test_the_day_of_return_is_told_when_it_is_known(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    fill(crm, (TENT,), attributes={"expected": "2026-04-01"})
    perform(ActionProductSearchStock(crm), tracker("is the tent in stock?"))
    assert dispatcher.values("utter_product_search_out_until")["expected"] == "1 April 2026"


def test_the_price_of_a_card_on_the_screen_is_told(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    shown = {"product_search_shown": [MUG[0], POT[0]]}
    perform(ActionProductSearchPrice(shop), tracker("how much is the second one?", slots=shown))
    assert dispatcher.values("utter_product_search_price")["price"] == "$27.90"


def test_a_question_about_nothing_asks_which_product(shop: Crm, tracker: Make, perform: Perform) -> None:
    assert perform(ActionProductSearchStock(shop), tracker("any left?"))["product_search_purpose"] == "stock"
    assert perform(ActionProductSearchPrice(shop), tracker("多少钱"))["product_search_purpose"] == "price"


def test_the_answer_to_which_product_goes_back_to_the_question(shop: Crm, tracker: Make, perform: Perform) -> None:
    slots = {"product_search_purpose": "stock", "product_search_query": "the mug"}
    assert perform(ActionProductSearch(shop), tracker("the mug", slots=slots)) == {}


def test_ordering_leads_to_the_product(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    conversation_id, _ = visitor(shop)
    heard = tracker("i'd like to order the glass teapot", conversation_id=conversation_id)
    perform(ActionProductSearchOrder(shop), heard)
    assert dispatcher.responses == ["utter_product_search_order"]
    assert dispatcher.custom("cards")[0]["url"] == "/products/POT"


def test_ordering_what_is_sold_out_says_so(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(ActionProductSearchOrder(shop), tracker("buy the tent"))
    assert dispatcher.responses == ["utter_product_search_order_sold_out"]


def test_how_ordering_works_is_explained(shop: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(ActionProductSearchOrder(shop), tracker("怎么下单"))
    assert dispatcher.responses == ["utter_product_search_how_to_order"]


@pytest.mark.parametrize(
    ("text", "intent", "taken"),
    [
        ("a red mug", "search_product", {"product_search_query": "a red mug"}),
        ("马克杯", "nlu_fallback", {"product_search_query": "马克杯"}),
        ("what are your opening hours?", "ask_store_info", {}),
        ("never mind", "stop", {}),
        ("/search_product", "search_product", {}),
    ],
)
async def test_the_form_takes_an_answer_and_leaves_questions_to_the_rules(
    tracker: Make, dispatcher: Any, text: str, intent: str, taken: dict[str, str]
) -> None:
    heard = tracker(text, intent=intent, slots={"requested_slot": "product_search_query"}, loop="product_search_form")
    assert await ValidateProductSearchForm().extract_product_search_query(dispatcher, heard, {}) == taken


def test_when_several_may_be_meant_a_button_tells_which(
    shop: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    shown = {"product_search_shown": [MUG[0], POT[0]]}
    perform(ActionProductSearchStock(shop), tracker("is it in stock?", slots=shown))
    assert dispatcher.responses == ["utter_product_search_which"]
    assert dispatcher.buttons[1]["payload"] == '/check_stock{"product_sku": "POT"}'
    dispatcher.messages.clear()
    pressed = tracker("/check_stock", intent="check_stock", entities={"product_sku": POT[0]}, slots=shown)
    assert perform(ActionProductSearchStock(shop), pressed)["product_search_focus"] == POT[0]
    assert dispatcher.responses == ["utter_product_search_low"]


def test_a_card_spoken_of_stays_in_focus_and_the_others_on_the_screen(
    shop: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    shown = {"product_search_shown": [MUG[0], POT[0]]}
    slots = perform(ActionProductSearchPrice(shop), tracker("price of the second one", slots=shown))
    assert slots["product_search_focus"] == POT[0]
    assert "product_search_shown" not in slots
    perform(ActionProductSearchStock(shop), tracker("is it in stock?", slots=shown | slots))
    assert dispatcher.responses == ["utter_product_search_price", "utter_product_search_low"]
