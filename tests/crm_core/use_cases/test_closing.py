"""The end of conversations: who has left, and how it is counted."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.records.conversations import Outcome, TurnResult
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answer, answered, begun, employed, leased, said

GREETED = {"intent": {"name": "greet", "confidence": 1.0}}
MISSED = {"intent": {"name": "ask_price", "confidence": 0.2}, "fallback": True}


def test_a_quiet_conversation_is_closed_after_a_while(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm, "where is my order?")
    answered(any_crm, conversation_id, "On its way.")
    clock.advance(minutes=29)
    assert any_crm.conversations.close_idle() == []
    clock.advance(minutes=1)
    assert any_crm.conversations.close_idle() == [conversation_id]
    closed = any_crm.conversations.get(conversation_id)
    assert (closed.outcome, closed.closed_at) == (Outcome.SOLVED_BY_BOT, clock.now)
    assert any_crm.conversations.close_idle() == []
    assert said(any_crm, conversation_id)[-1] == ("system", "closed")


def test_who_writes_on_after_a_farewell_is_answered_and_not_cut_off(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "bye", "wait, where is my order?")
    any_crm.conversations.finish_turn(leased(any_crm, conversation_id), answer("Goodbye!", close=True))
    turn = leased(any_crm, conversation_id)
    assert turn.message.body["text"] == "wait, where is my order?"
    any_crm.conversations.finish_turn(turn, answer("On its way."))
    assert any_crm.conversations.get(conversation_id).status == "open"


def test_a_conversation_that_waits_for_the_bot_is_never_closed(any_crm: Crm, clock: FakeClock) -> None:
    begun(any_crm, "where is my order?")
    clock.advance(days=3)
    assert any_crm.conversations.close_idle() == []


def test_a_customer_who_waits_for_a_person_is_given_more_time(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm, "a person!")
    any_crm.conversations.request_handoff(conversation_id, "request", requested_by="customer")
    clock.advance(minutes=239)
    assert any_crm.conversations.close_idle() == []
    clock.advance(minutes=1)
    assert any_crm.conversations.close_idle() == [conversation_id]
    assert any_crm.conversations.get(conversation_id).outcome is Outcome.ABANDONED
    assert any_crm.conversations.queue() == []


def test_a_person_who_answered_last_has_solved_it(any_crm: Crm, clock: FakeClock) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "my lamp is broken")
    any_crm.conversations.take(conversation_id, mei.id)
    any_crm.conversations.say(conversation_id, mei.id, "A new one is on its way.")
    clock.advance(minutes=30)
    assert any_crm.conversations.close_idle() == [conversation_id]
    assert any_crm.conversations.get(conversation_id).outcome is Outcome.SOLVED_BY_PERSON


def test_a_customer_whom_the_agent_lets_wait_is_given_more_time(any_crm: Crm, clock: FakeClock) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "my lamp is broken")
    any_crm.conversations.take(conversation_id, mei.id)
    clock.advance(minutes=60)
    assert any_crm.conversations.close_idle() == []
    clock.advance(minutes=180)
    assert any_crm.conversations.close_idle() == [conversation_id]
    assert any_crm.conversations.get(conversation_id).outcome is Outcome.ABANDONED


@pytest.mark.parametrize(
    ("traces", "expected"),
    [
        ([GREETED], Outcome.ABANDONED),
        ([MISSED], Outcome.ABANDONED),
        ([None], Outcome.SOLVED_BY_BOT),
        ([MISSED, None, GREETED], Outcome.SOLVED_BY_BOT),
        ([None, MISSED], Outcome.ABANDONED),
    ],
)
def test_the_last_real_answer_decides_the_outcome(
    any_crm: Crm, traces: list[dict[str, object] | None], expected: Outcome
) -> None:
    conversation_id = begun(any_crm, *["text"] * len(traces))
    for trace in traces:
        answered(any_crm, conversation_id, "reply", **({} if trace is None else {"trace": trace}))
    assert any_crm.conversations.close(conversation_id).outcome is expected


def test_a_widget_that_was_only_opened_was_no_conversation(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm)
    clock.advance(minutes=30)
    assert any_crm.conversations.close_idle() == [conversation_id]
    assert any_crm.conversations.get(conversation_id).outcome is None


def test_an_outcome_can_be_given(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "thanks, solved it myself")
    closed = any_crm.conversations.close(conversation_id, Outcome.SOLVED_BY_BOT)
    assert closed.outcome is Outcome.SOLVED_BY_BOT
    assert any_crm.conversations.close(conversation_id, Outcome.ABANDONED) == closed, "closed is closed"


def test_an_apology_after_the_last_try_solved_nothing(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "hello")
    turn = any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20)
    assert turn is not None
    any_crm.conversations.finish_turn(turn, TurnResult([{"text": "Sorry."}], failed=True))
    assert any_crm.conversations.close(conversation_id).outcome is Outcome.ABANDONED
