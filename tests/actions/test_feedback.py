"""Complaints, praise and suggestions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.feedback import ActionFeedbackRecord
from actions.feedback_form import ValidateFeedbackForm
from crm_core.crm import Crm
from crm_core.records.shop import FeedbackReading, Label
from crm_core.use_cases.feedback import Feedback
from tests.crm_core.shelf import visitor
from tests.crm_core.use_cases.test_advice import give_score

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


@pytest.fixture
def reads(crm: Crm) -> Callable[..., ActionFeedbackRecord]:
    """Make the action read every text in one way."""

    def make(category: str, sentiment: str, *, serious: bool = False) -> ActionFeedbackRecord:
        class Reader:
            def read(self, text: str, language: str) -> FeedbackReading:
                return FeedbackReading(language, Label(category, 0.9), Label(sentiment, 0.9), serious, "m")

        crm.feedback = Feedback(crm._context, Reader)
        return ActionFeedbackRecord(crm)

    return make


@pytest.mark.parametrize(
    "category", ["delivery", "quality", "service", "price", "website", "payment", "returns", "other"]
)
def test_each_kind_of_complaint_has_its_own_answer(
    reads: Any, tracker: Make, perform: Perform, dispatcher: Any, category: str
) -> None:
    perform(reads(category, "negative"), tracker("the parcel came two weeks late", intent="give_complaint"))
    assert dispatcher.responses == [f"utter_feedback_complaint_{category}"]


def test_a_category_that_is_a_guess_is_not_answered_as_one(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    class Guesser:
        def read(self, text: str, language: str) -> FeedbackReading:
            return FeedbackReading(language, Label("website", 0.4), Label("negative", 0.9), False, "m")

    crm.feedback = Feedback(crm._context, Guesser)
    perform(ActionFeedbackRecord(crm), tracker("so angry right now with you", intent="give_complaint"))
    assert dispatcher.responses == ["utter_feedback_complaint_other"]


def test_an_unclassified_complaint_is_answered_too(
    reads: Any, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    perform(reads("", ""), tracker("it all went wrong with you", intent="give_complaint"))
    assert dispatcher.responses == ["utter_feedback_complaint_other"]


def test_what_was_said_is_kept(crm: Crm, reads: Any, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    conversation_id, customer_id = visitor(crm)
    heard = tracker("杯子收到就是碎的", intent="give_complaint", conversation_id=conversation_id)
    perform(reads("quality", "negative"), heard)
    (entry,) = crm.feedback.of_customer(customer_id)
    assert (entry.text, entry.category, entry.source) == ("杯子收到就是碎的", "quality", "chat")
    assert dispatcher.custom("trace")["feedback"]["category"] == "quality"


def test_a_serious_complaint_offers_a_person_and_a_yes_leads_there(
    reads: Any, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    slots = perform(reads("quality", "negative", serious=True), tracker("the lamp gave my son a shock"))
    assert dispatcher.responses == ["utter_feedback_complaint_quality", "utter_feedback_offer_person"]
    assert slots["shared_offer"] == "request_person"
    assert slots["handoff_reason"] == "complaint"


def test_a_valued_customer_with_a_serious_complaint_is_offered_a_person_first(
    crm: Crm, reads: Any, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    conversation_id, customer_id = visitor(crm)
    give_score(crm, customer_id, "segment", "champions")
    heard = tracker("the lamp gave my son a shock", conversation_id=conversation_id)
    perform(reads("quality", "negative", serious=True), heard)
    assert dispatcher.responses == ["utter_feedback_offer_person_first"]


def test_praise_is_thanked_for_and_asks_nothing(reads: Any, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(reads("service", "positive"), tracker("your colleague was so helpful", intent="give_praise"))
    assert dispatcher.responses == ["utter_feedback_praise_service"]
    assert dispatcher.buttons == []


def test_bitter_praise_is_a_complaint(reads: Any, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(reads("delivery", "negative"), tracker("great job losing my parcel again", intent="give_praise"))
    assert dispatcher.responses == ["utter_feedback_complaint_delivery"]


def test_a_suggestion_is_thanked_for(reads: Any, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(reads("website", "neutral"), tracker("please add a dark mode", intent="give_suggestion"))
    assert dispatcher.responses == ["utter_feedback_suggestion"]


def test_a_bare_complaint_is_asked_what_happened(
    crm: Crm, reads: Any, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    slots = perform(reads("other", "negative"), tracker("我要投诉", intent="give_complaint"))
    assert slots == {"feedback_kind": "complaint"}
    assert dispatcher.messages == []


def test_the_forms_answer_is_kept_under_the_kind_that_opened_it(
    reads: Any, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    slots = {"feedback_kind": "suggestion", "feedback_text": "sell refills"}
    emptied = perform(reads("other", "neutral"), tracker("sell refills", intent="search_product", slots=slots))
    assert dispatcher.responses == ["utter_feedback_suggestion"]
    assert emptied == {"feedback_text": None, "feedback_kind": None}


async def test_the_form_takes_anything_but_a_clear_question(tracker: Make, dispatcher: Any) -> None:
    asked = {"requested_slot": "feedback_text"}
    form = ValidateFeedbackForm()
    where = tracker("where is my order RP100234?", intent="ask_order_status", slots=asked)
    assert await form.extract_feedback_text(dispatcher, where, {}) == {}
    late = tracker("my order is two weeks late", intent="ask_order_status", slots=asked)
    assert await form.extract_feedback_text(dispatcher, late, {}) == {"feedback_text": "my order is two weeks late"}
    person = tracker("let me talk to someone", intent="request_person", slots=asked)
    assert await form.extract_feedback_text(dispatcher, person, {}) == {}
