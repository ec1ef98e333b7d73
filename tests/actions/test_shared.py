"""Yes, no, never mind, and an order number without a wish."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, cast

import pytest
from rasa_sdk import Tracker

from actions.base import CrmAction
from actions.meanings import offer
from actions.shared import ActionAffirm, ActionDeny, ActionInform, ActionStop
from actions.smalltalk_fallback import ActionDefaultFallback
from actions.smalltalk_out_of_scope import ActionOutOfScope, failures_in_a_row
from crm_core.crm import Crm
from crm_core.errors import ConversationNotFound

Make = Callable[..., Tracker]


class FakeCrm:
    """Has no product of that name, and no article."""

    class catalogue:  # noqa: N801 - stands for the use case of this name
        @staticmethod
        def obvious(text: str) -> list[Any]:
            return []

    class knowledge:  # noqa: N801
        @staticmethod
        def answer(*_: Any, **__: Any) -> None:
            return None

        @staticmethod
        def likely(*_: Any, **__: Any) -> list[Any]:
            return []

    class conversations:  # noqa: N801
        @staticmethod
        def get(conversation_id: str) -> Any:
            raise ConversationNotFound(conversation_id)

    class questions:  # noqa: N801
        @staticmethod
        def missed(*_: Any, **__: Any) -> None:
            return None


def events_of(action: CrmAction, dispatcher: Any, conversation: Tracker) -> list[dict[str, Any]]:
    return asyncio.run(action.run(dispatcher, conversation, {}))


def crm() -> Crm:
    return cast(Crm, FakeCrm())


def test_never_mind_closes_the_form_and_empties_its_slots(tracker: Make, dispatcher: Any) -> None:
    slots = {"order_cancel_reason": "late", "order_status_x": "kept", "contact": "kept"}
    events = events_of(ActionStop(crm()), dispatcher, tracker("never mind", loop="order_cancel_form", slots=slots))
    assert dispatcher.responses == ["utter_shared_stopped"]
    assert {"event": "active_loop", "timestamp": None, "name": None} in events
    assert [e["name"] for e in events if e["event"] == "slot"] == ["requested_slot", "order_cancel_reason"]


def test_never_mind_outside_a_form_is_polite(tracker: Make, dispatcher: Any) -> None:
    events_of(ActionStop(crm()), dispatcher, tracker("never mind"))
    assert dispatcher.responses == ["utter_shared_nothing_to_stop"]


def with_offer(conversation: Tracker, *, said_since: int = 0) -> Tracker:
    made = [{"event": "slot", **{key: value for key, value in item.items() if key != "event"}} for item in offer("x")]
    conversation.events[:0] = [*made, *([{"event": "user", "text": "something else"}] * said_since)]
    return conversation


def test_a_yes_means_what_was_offered_just_before(tracker: Make, dispatcher: Any) -> None:
    events = events_of(ActionAffirm(crm()), dispatcher, with_offer(tracker("yes")))
    assert [event["event"] for event in events] == ["slot", "action", "user"]
    assert events[-1]["parse_data"]["intent"]["name"] == "x"
    assert dispatcher.messages == []


def test_an_old_offer_is_not_taken_up(tracker: Make, dispatcher: Any) -> None:
    events_of(ActionAffirm(crm()), dispatcher, with_offer(tracker("yes"), said_since=1))
    assert dispatcher.responses == ["utter_shared_affirmed"]


@pytest.mark.parametrize(("action", "response"), [(ActionAffirm, "affirmed"), (ActionDeny, "denied")])
def test_yes_and_no_inside_a_form_leave_the_word_to_it(
    tracker: Make, dispatcher: Any, action: type[CrmAction], response: str
) -> None:
    events_of(action(crm()), dispatcher, tracker("yes", loop="some_form"))
    assert dispatcher.messages == []
    events_of(action(crm()), dispatcher, tracker("yes"))
    assert dispatcher.responses == [f"utter_shared_{response}"]


def test_a_bare_order_number_asks_for_the_order(tracker: Make, dispatcher: Any) -> None:
    events = events_of(ActionInform(crm()), dispatcher, tracker("RP100234", entities={"order_number": "RP100234"}))
    assert events[-1]["parse_data"]["intent"]["name"] == "ask_order_status"
    assert events[-1]["parse_data"]["entities"] == [{"entity": "order_number", "value": "RP100234"}]


def test_a_bare_address_is_asked_about(tracker: Make, dispatcher: Any) -> None:
    events_of(ActionInform(crm()), dispatcher, tracker("a@example.com", entities={"email": "a@example.com"}))
    assert dispatcher.responses == ["utter_shared_what_about_it"]


def failed(times: int) -> list[dict[str, Any]]:
    turn = [{"event": "user"}, {"event": "action", "name": "action_default_fallback"}]
    return [*(turn * times), {"event": "user"}]


def test_failures_are_counted_only_in_a_row() -> None:
    assert [failures_in_a_row(failed(times)) for times in range(4)] == [0, 1, 2, 3]
    understood = [{"event": "user"}, {"event": "action", "name": "action_greet"}]
    assert failures_in_a_row([*failed(2), *understood, {"event": "user"}]) == 0


@pytest.mark.parametrize(("before", "response"), [(0, "rephrase_plainly"), (1, "options"), (2, "offer_person")])
def test_what_is_not_understood_is_answered_in_three_steps(
    tracker: Make, dispatcher: Any, before: int, response: str
) -> None:
    conversation = tracker("zzz", intent="nlu_fallback")
    conversation.events[:] = failed(before)
    events = events_of(ActionDefaultFallback(crm()), dispatcher, conversation)
    assert dispatcher.responses == [f"utter_smalltalk_{response}"]
    assert any(event.get("value") == "request_person" for event in events) == (response == "offer_person")


def test_the_fourth_time_a_person_is_brought(tracker: Make, dispatcher: Any) -> None:
    conversation = tracker("zzz", intent="nlu_fallback")
    conversation.events[:] = failed(3)
    events = events_of(ActionDefaultFallback(crm()), dispatcher, conversation)
    assert dispatcher.responses == ["utter_dialogue_hand_over"]
    assert (events[0]["name"], events[0]["value"]) == ("handoff_reason", "not_understood")
    assert events[-1]["parse_data"]["intent"]["name"] == "request_person"


@pytest.mark.parametrize(
    ("before", "response"), [(0, "out_of_scope"), (1, "options"), (2, "offer_person"), (3, "out_of_scope")]
)
def test_what_is_out_of_scope_is_answered_differently_each_time_and_brings_nobody_unasked(
    tracker: Make, dispatcher: Any, before: int, response: str
) -> None:
    conversation = tracker("who will win the election", intent="out_of_scope")
    conversation.events[:] = failed(before)
    events = events_of(ActionOutOfScope(crm()), dispatcher, conversation)
    assert dispatcher.responses == [f"utter_smalltalk_{response}"]
    assert any(event.get("value") == "request_person" for event in events) == (response == "offer_person")


def test_what_is_not_clearly_out_of_scope_is_looked_up_as_what_was_not_understood(
    tracker: Make, dispatcher: Any
) -> None:
    conversation = tracker("cast iron skillet", intent="out_of_scope")
    conversation.latest_message["intent"]["confidence"] = 0.6
    events = events_of(ActionOutOfScope(crm()), dispatcher, conversation)
    assert [event["name"] for event in events] == ["action_default_fallback"]
    assert dispatcher.responses == []


def test_the_first_time_likely_meanings_are_buttons_in_the_language(tracker: Make, dispatcher: Any) -> None:
    conversation = tracker("zzz", intent="nlu_fallback", slots={"language": "zh"})
    names = ["nlu_fallback", "return_order", "greet", "cancel_order", "track_refund", "ask_warranty"]
    ranking = [{"name": name, "confidence": 0.2} for name in names]
    conversation.latest_message["intent_ranking"] = [*ranking, {"name": "ask_price", "confidence": 0.01}]
    events_of(ActionDefaultFallback(crm()), dispatcher, conversation)
    assert [button["payload"] for button in dispatcher.buttons] == ["/return_order", "/cancel_order", "/track_refund"]
    assert dispatcher.buttons[0]["title"] == "我要退货"


@pytest.mark.parametrize(
    ("before", "response"), [(0, "shared_not_understood"), (1, "dialogue_try_again"), (2, "dialogue_stuck")]
)
def test_inside_a_form_it_is_never_said_the_same_way_twice(
    tracker: Make, dispatcher: Any, before: int, response: str
) -> None:
    slots = {"dialogue_stumbles": before}
    conversation = tracker("zzz", intent="nlu_fallback", loop="some_form", slots=slots)
    events = events_of(ActionDefaultFallback(crm()), dispatcher, conversation)
    assert dispatcher.responses == [f"utter_{response}"]
    assert {"event": "slot", "timestamp": None, "name": "dialogue_stumbles", "value": before + 1} in events
    assert any(event.get("value") == "request_person" for event in events) == (before == 2)


def test_inside_a_form_it_is_said_and_the_form_asks_again(tracker: Make, dispatcher: Any) -> None:
    events_of(ActionDefaultFallback(crm()), dispatcher, tracker("zzz", intent="nlu_fallback", loop="some_form"))
    assert dispatcher.responses == ["utter_shared_not_understood"]
