"""Messages that no intent explains."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.smalltalk_fallback import ActionDefaultFallback
from actions.smalltalk_out_of_scope import ActionOutOfScope
from crm_core.crm import Crm
from tests.actions.test_store_info import Knowing
from tests.crm_core.shelf import MUG, fill

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


@pytest.fixture
def fallback(crm: Crm) -> ActionDefaultFallback:
    fill(crm)
    crm.knowledge = Knowing("gift wrapping possible", "what time")  # type: ignore[assignment]
    return ActionDefaultFallback(crm)


@pytest.mark.parametrize("text", ["enamel mug", "马克杯"])
def test_a_bare_product_is_shown(
    fallback: ActionDefaultFallback, tracker: Make, perform: Perform, dispatcher: Any, text: str
) -> None:
    slots = perform(fallback, tracker(text, intent="nlu_fallback"))
    assert dispatcher.responses == ["utter_product_search_found"]
    assert slots["product_search_shown"] == [MUG[0]]


def test_a_question_that_an_article_answers_is_answered(
    fallback: ActionDefaultFallback, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    perform(fallback, tracker("gift wrapping possible", intent="nlu_fallback"))
    assert dispatcher.responses == ["utter_store_info_answer"]


def test_where_an_article_may_be_meant_the_first_try_asks_which(
    fallback: ActionDefaultFallback, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    perform(fallback, tracker("perhaps wrapping", intent="nlu_fallback"))
    assert dispatcher.responses == ["utter_store_info_choose"]


@pytest.mark.parametrize("text", ["what time", "the mug from last week makes noises"])
def test_anything_else_is_asked_again(
    fallback: ActionDefaultFallback, tracker: Make, perform: Perform, dispatcher: Any, text: str
) -> None:
    perform(fallback, tracker(text, intent="nlu_fallback"))
    assert dispatcher.responses == ["utter_smalltalk_rephrase_plainly"]


def test_what_sounds_outside_is_answered_where_an_article_says(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    crm.knowledge = Knowing("can the black skillet go in the dishwasher")  # type: ignore[assignment]
    heard = tracker("can the black skillet go in the dishwasher", intent="out_of_scope")
    perform(ActionOutOfScope(crm), heard)
    assert dispatcher.responses == ["utter_store_info_answer"]
