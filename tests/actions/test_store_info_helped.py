"""What follows on "Did this help?"."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.shared import ActionDeny
from actions.store_info_helped import ActionStoreInfoHelped, ActionStoreInfoNotHelped
from crm_core.crm import Crm
from crm_core.records.questions import ArticleUse
from crm_core.records.shop import Passage
from tests.actions.test_store_info import Knowing

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]
WARRANTY = Passage("warranty", "Warranty", "Two years.", "en", "warranty", 0.9)


@pytest.fixture
def talk(crm: Crm) -> str:
    return crm.conversations.open("web", "visitor-1").id


@pytest.fixture
def asked(crm: Crm, talk: str) -> str:
    """A question that was answered from the warranty's article."""
    crm.knowledge = Knowing("is it covered?")  # type: ignore[assignment]
    return str(crm.questions.answered(talk, "is it covered?", WARRANTY, message_id="m1"))


def test_a_yes_is_kept(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str, asked: str) -> None:
    pressed = tracker("/confirm_answer", intent="confirm_answer", entities={"answer_id": asked}, conversation_id=talk)
    perform(ActionStoreInfoHelped(crm), pressed)
    assert dispatcher.responses == ["utter_store_info_glad"]
    assert crm.questions.use_of_articles()["warranty"] == ArticleUse("warranty", 1, 1, 0)


def test_a_no_brings_the_next_best_and_then_a_person(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str, asked: str
) -> None:
    said = tracker("no", intent="reject_answer", slots={"store_info_question": asked}, conversation_id=talk)
    slots = perform(ActionStoreInfoNotHelped(crm), said)
    assert dispatcher.responses == [
        "utter_store_info_next_best",
        "utter_store_info_answer",
        "utter_store_info_ask_helped",
    ]
    assert dispatcher.values("utter_store_info_answer")["title"] == "Repairs"
    dispatcher.messages.clear()
    again = tracker("no", intent="reject_answer", slots=slots, conversation_id=talk)
    assert perform(ActionStoreInfoNotHelped(crm), again)["shared_offer"] == "request_person"
    assert dispatcher.responses == ["utter_store_info_not_helped"]
    use = crm.questions.use_of_articles()
    assert (use["warranty"].not_helped, use["repairs"].not_helped) == (1, 1)


def test_a_no_to_nothing_offers_a_person(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any, talk: str) -> None:
    perform(ActionStoreInfoNotHelped(crm), tracker("wrong answer", intent="reject_answer", conversation_id=talk))
    assert dispatcher.responses == ["utter_store_info_not_helped"]


def test_a_typed_no_refuses_what_was_offered_just_before(crm: Crm, tracker: Make, dispatcher: Any) -> None:
    import asyncio

    said = tracker("no", intent="deny")
    said.events.insert(0, {"event": "slot", "name": "shared_offer", "value": "confirm_answer"})
    events = asyncio.run(ActionDeny(crm).run(dispatcher, said, {}))
    heard = [event["parse_data"]["intent"]["name"] for event in events if event["event"] == "user"]
    assert heard == ["reject_answer"]
    assert dispatcher.responses == []
