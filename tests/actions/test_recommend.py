"""Recommending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.cards import reason_words
from actions.recommend import ActionRecommend, ActionRecommendAfterService, ActionRecommendRefine
from crm_core.crm import Crm
from crm_core.records.people import Reason
from tests.crm_core.shelf import PHONES, fill, visitor
from tests.crm_core.use_cases.test_advice import advice, give_score

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


@pytest.fixture
def talk(crm: Crm) -> tuple[Crm, str, str]:
    fill(crm)
    crm.advice = advice(crm)
    return crm, *visitor(crm)


def test_recommended_cards_can_be_followed_up(
    talk: tuple[Crm, str, str], tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    crm, conversation_id, customer_id = talk
    slots = perform(ActionRecommend(crm), tracker("any ideas?", conversation_id=conversation_id))
    assert dispatcher.responses == ["utter_recommend_offer", "utter_recommend_refine"]
    cards = dispatcher.custom("cards")
    assert {card["served_id"] for card in cards} == {item.id for item in crm.recommendations.of_customer(customer_id)}
    assert slots["product_search_shown"] == [card["sku"] for card in cards]
    assert slots["shared_offer"] == "place_order"


def test_a_button_asks_for_something_cheaper(
    talk: tuple[Crm, str, str], tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    crm, conversation_id, _ = talk
    perform(ActionRecommend(crm), tracker("recommend headphones", conversation_id=conversation_id))
    dispatcher.messages.clear()
    pressed = tracker(
        '/refine_recommendation{"recommend_change": "cheaper"}',
        conversation_id=conversation_id,
        entities={"recommend_change": "cheaper"},
        slots={"product_search_shown": [PHONES[0]]},
    )
    perform(ActionRecommendRefine(crm), pressed)
    assert dispatcher.responses[0] == "utter_recommend_cheaper"


def test_when_nothing_cheaper_is_left_it_says_so(
    talk: tuple[Crm, str, str], tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    crm, conversation_id, _ = talk
    heard = tracker("cheaper", conversation_id=conversation_id, slots={"product_search_shown": ["MUG"]})
    perform(ActionRecommendRefine(crm), heard)
    assert dispatcher.responses == ["utter_recommend_no_cheaper"]


def test_after_service_nothing_is_said_to_who_is_not_likely_to_buy(
    talk: tuple[Crm, str, str], tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    crm, conversation_id, customer_id = talk
    perform(ActionRecommendAfterService(crm), tracker("thanks", conversation_id=conversation_id))
    assert dispatcher.messages == []
    give_score(crm, customer_id, "purchase_intent", "medium")
    perform(ActionRecommendAfterService(crm), tracker("thanks", conversation_id=conversation_id))
    assert dispatcher.responses[0] == "utter_recommend_after_service"
    assert len(dispatcher.custom("cards")) == 1


def test_reasons_are_words_in_both_languages() -> None:
    assert reason_words(Reason("asked_for", 1.0), "en") == "Fits what you asked for"
    assert reason_words(Reason("asked_for", 1.0), "zh") == "符合您说的需求"
    assert reason_words(Reason("never-heard-of", 1.0), "en") is None
