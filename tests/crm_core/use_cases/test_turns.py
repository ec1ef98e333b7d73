"""Turns: one message at a time, by one gateway at a time, ended in one commit or not at all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import LeaseLost
from crm_core.records.conversations import Author, HandoffWish, Outcome, Owner
from crm_core.storage.tables import conversations, messages, turns
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answer, begun, leased, said


def test_messages_are_answered_in_their_order(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "first", "second")
    for expected in ("first", "second"):
        turn = leased(any_crm, conversation_id)
        assert turn.message.body["text"] == expected
        any_crm.conversations.finish_turn(turn, answer(f"re {expected}"))
    assert any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20) is None
    assert [text for _, text in said(any_crm, conversation_id)] == ["first", "second", "re first", "re second"]
    assert [message.seq for message in any_crm.conversations.messages(conversation_id)] == [1, 2, 3, 4]


def test_a_reply_says_which_message_it_answers(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "where is my order?")
    turn = leased(any_crm, conversation_id)
    replies = any_crm.conversations.finish_turn(turn, answer("On its way.", "Anything else?"))
    assert [(reply.author, reply.answers_id, reply.seq) for reply in replies] == [
        (Author.BOT, turn.message.id, 2),
        (Author.BOT, turn.message.id, 3),
    ]
    assert any_crm.conversations.messages(conversation_id, after_seq=1) == replies


def test_while_one_gateway_has_the_turn_no_other_gets_it(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "hello", "are you there?")
    leased(any_crm, conversation_id, "gateway-1")
    assert any_crm.conversations.next_turn(conversation_id, "gateway-2", lease_seconds=20) is None
    assert any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20) is None
    assert any_crm.conversations.waiting() == []


def test_a_turn_whose_gateway_died_is_taken_over_when_the_lease_runs_out(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm, "hello")
    dead = leased(any_crm, conversation_id, "gateway-1")
    clock.advance(seconds=20)
    assert any_crm.conversations.waiting() == [conversation_id]
    again = leased(any_crm, conversation_id, "gateway-2")
    assert (again.message.id, again.attempt) == (dead.message.id, 2)
    with pytest.raises(LeaseLost):
        any_crm.conversations.finish_turn(dead, answer("too late"))
    any_crm.conversations.finish_turn(again, answer("in time"))
    with pytest.raises(LeaseLost):
        any_crm.conversations.finish_turn(dead, answer("far too late"))
    assert said(any_crm, conversation_id) == [("customer", "hello"), ("bot", "in time")]


def test_a_slow_turn_that_nobody_took_over_still_counts(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm, "hello")
    turn = leased(any_crm, conversation_id)
    clock.advance(minutes=5)
    assert len(any_crm.conversations.finish_turn(turn, answer("late, but here"))) == 1


def test_a_turn_is_ended_once(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "hello")
    turn = leased(any_crm, conversation_id)
    any_crm.conversations.finish_turn(turn, answer("hi"))
    with pytest.raises(LeaseLost):
        any_crm.conversations.finish_turn(turn, answer("hi"))
    assert said(any_crm, conversation_id) == [("customer", "hello"), ("bot", "hi")]


def test_a_message_waits_while_the_assistant_is_away(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.delay_turn(leased(any_crm, conversation_id), retry_after_seconds=5)
    assert any_crm.conversations.waiting() == []
    assert any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20) is None
    clock.advance(seconds=5)
    assert any_crm.conversations.waiting() == [conversation_id]
    turn = leased(any_crm, conversation_id)
    assert turn.attempt == 2
    any_crm.conversations.finish_turn(turn, answer("hi"))
    any_crm.conversations.accept(conversation_id, {"text": "thanks"})
    assert leased(any_crm, conversation_id).attempt == 1


def test_a_delay_by_a_gateway_that_lost_the_lease_changes_nothing(any_crm: Crm, clock: FakeClock) -> None:
    conversation_id = begun(any_crm, "hello")
    dead = leased(any_crm, conversation_id, "gateway-1")
    clock.advance(seconds=21)
    alive = leased(any_crm, conversation_id, "gateway-2")
    any_crm.conversations.delay_turn(dead, retry_after_seconds=60)
    assert len(any_crm.conversations.finish_turn(alive, answer("hi"))) == 1


def test_a_crash_in_the_middle_of_the_commit_leaves_nothing_of_it(
    any_crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation_id = begun(any_crm, "get me a person")
    turn = leased(any_crm, conversation_id)

    def crash(*_args: object, **_options: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr("crm_core.use_cases.conversation_moves.handoffs.start", crash)
        with pytest.raises(RuntimeError, match="power cut"):
            any_crm.conversations.finish_turn(turn, answer("One moment.", handoff=HandoffWish("request")))
    with any_crm.database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(turns)) == 0
        assert connection.scalar(sa.select(sa.func.count()).select_from(messages)) == 1
        assert connection.scalar(sa.select(conversations.c.unanswered)) == 1
    any_crm.conversations.finish_turn(turn, answer("One moment.", handoff=HandoffWish("request")))
    assert any_crm.conversations.get(conversation_id).owner is Owner.QUEUE


def test_the_bot_is_silent_when_a_person_took_over_while_it_thought(any_crm: Crm) -> None:
    agent, _ = any_crm.staff.create("mei@example.com", "Mei", "agent")
    conversation_id = begun(any_crm, "my lamp is broken")
    turn = leased(any_crm, conversation_id)
    any_crm.conversations.take(conversation_id, agent.id)
    assert any_crm.conversations.finish_turn(turn, answer("Here are some lamps.")) == []
    assert said(any_crm, conversation_id) == [("customer", "my lamp is broken"), ("system", "agent_joined")]
    assert [kept.suppressed for kept in any_crm.conversations.turns(conversation_id)] == [True]


def test_the_bot_is_silent_even_when_the_person_has_handed_back_by_then(any_crm: Crm) -> None:
    agent, _ = any_crm.staff.create("mei@example.com", "Mei", "agent")
    conversation_id = begun(any_crm, "my lamp is broken")
    turn = leased(any_crm, conversation_id)
    any_crm.conversations.take(conversation_id, agent.id)
    any_crm.conversations.hand_back(conversation_id, agent.id)
    assert any_crm.conversations.finish_turn(turn, answer("Here are some lamps.")) == []
    any_crm.conversations.accept(conversation_id, {"text": "and my order?"})
    assert leased(any_crm, conversation_id).message.body["text"] == "and my order?"


def test_the_bot_is_silent_in_a_conversation_that_was_closed_meanwhile(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "hello")
    turn = leased(any_crm, conversation_id)
    any_crm.conversations.close(conversation_id)
    assert any_crm.conversations.finish_turn(turn, answer("hi")) == []


def test_a_turn_that_asks_for_a_person_says_so_first(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "get me a person", "now!")
    turn = leased(any_crm, conversation_id)
    wish = HandoffWish("request", requested_by="customer")
    replies = any_crm.conversations.finish_turn(turn, answer("I am getting somebody.", handoff=wish))
    assert [reply.body["text"] for reply in replies] == ["I am getting somebody."]
    assert any_crm.conversations.get(conversation_id).owner is Owner.QUEUE
    assert any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20) is None
    assert said(any_crm, conversation_id)[-1] == ("system", "handoff_requested")


def test_a_goodbye_closes_the_conversation_with_its_outcome(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "where is my order?", "bye")
    any_crm.conversations.finish_turn(leased(any_crm, conversation_id), answer("On its way."))
    bye = answer("Bye!", trace={"intent": {"name": "goodbye", "confidence": 1.0}}, close=True)
    any_crm.conversations.finish_turn(leased(any_crm, conversation_id), bye)
    closed = any_crm.conversations.get(conversation_id)
    assert (closed.status, closed.outcome) == ("closed", Outcome.SOLVED_BY_BOT)
    assert any_crm.conversations.open("web", "visitor-1").id != conversation_id


def test_the_trace_is_kept_without_personal_values(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "order R-1001, ann@example.com")
    trace = {
        "intent": {"name": "ask_order_status", "confidence": 0.9},
        "entities": [
            {"entity": "order_number", "value": "R-1001"},
            {"entity": "email", "value": "ann@example.com"},
        ],
        "slots": {"contact": "ann@example.com", "order_address_address": "12 Rose Lane", "order_number": "R-1001"},
        "fallback": False,
    }
    any_crm.conversations.finish_turn(leased(any_crm, conversation_id), answer("Shipped.", trace=trace))
    (kept,) = any_crm.conversations.turns(conversation_id)
    assert (kept.intent, kept.confidence, kept.fallback, kept.duration_ms) == ("ask_order_status", 0.9, False, 6.5)
    assert kept.trace["slots"] == {
        "contact": "a***@example.com",
        "order_address_address": "(12)",
        "order_number": "R-1001",
    }
    assert "ann@" not in str(kept.trace)
