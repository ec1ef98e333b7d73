"""The way to a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rasa_sdk import Tracker

from actions.handoff import ActionHandoffContact, ActionHandoffRequest
from crm_core.crm import Crm
from tests.actions.test_store_info import Knowing
from tests.crm_core.shelf import visitor

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


def test_the_wish_for_a_person_goes_to_the_gateway(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    perform(ActionHandoffRequest(crm), tracker("human please", intent="request_person"))
    assert dispatcher.responses == ["utter_handoff_next"]
    assert dispatcher.custom("handoff") == {"reason": "request", "requested_by": "customer"}


def test_who_waits_before_is_told(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    for _ in range(2):
        crm.conversations.request_handoff(visitor(crm)[0], "request", requested_by="customer")
    perform(ActionHandoffRequest(crm), tracker("转人工", intent="request_person"))
    assert dispatcher.values("utter_handoff_waiting")["ahead"] == 2


def test_after_a_complaint_the_reason_says_so_once(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    slots = perform(ActionHandoffRequest(crm), tracker("yes", slots={"handoff_reason": "complaint"}))
    assert dispatcher.custom("handoff")["reason"] == "complaint"
    assert slots == {"handoff_reason": None}


async def test_a_form_waits_in_silence_until_the_person_is_gone(crm: Crm, tracker: Make, dispatcher: Any) -> None:
    inside = tracker("human please", intent="request_person", loop="product_search_form")
    events = await ActionHandoffRequest(crm).run(dispatcher, inside, {})
    assert events[-2]["event"] == "active_loop"
    assert events[-2]["name"] == "product_search_form"
    assert events[-1] == {"event": "followup", "timestamp": None, "name": "action_listen"}


def test_contact_is_told_from_the_articles_and_a_person_is_offered(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    crm.knowledge = Knowing("what is your phone number?")  # type: ignore[assignment]
    perform(ActionHandoffContact(crm), tracker("what is your phone number?", intent="ask_contact"))
    assert dispatcher.responses == ["utter_store_info_answer", "utter_handoff_contact"]
