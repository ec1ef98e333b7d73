"""Hand-offs: asked for, waited for, taken, answered, given back; the bot is silent all the while."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import AgentNotFound, Conflict, ConversationNotFound, InvalidInput, NotAllowed
from crm_core.records.conversations import Author, HandoffWish, Outcome, Owner
from crm_core.storage.tables import handoffs
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answer, answered, begun, employed, leased, said


def exits(crm: Crm) -> list[tuple[str | None, bool]]:
    """How each hand-off ended and whether somebody had come."""
    with crm.database.reading() as connection:
        rows = connection.execute(sa.select(handoffs).order_by(handoffs.c.id)).all()
    return [(row.exit, row.taken_at is not None) for row in rows]


def test_the_whole_way_to_a_person_and_back(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "I want a person")
    any_crm.conversations.request_handoff(conversation_id, "request", requested_by="customer")
    assert any_crm.conversations.accept(conversation_id, {"text": "anybody?"}).owner is Owner.QUEUE
    taken = any_crm.conversations.take(conversation_id, mei.id)
    assert (taken.owner, taken.agent_id) == (Owner.HUMAN, mei.id)
    assert any_crm.conversations.accept(conversation_id, {"text": "my lamp!"}).owner is Owner.HUMAN
    reply = any_crm.conversations.say(conversation_id, mei.id, "What about it?")
    assert (reply.author, reply.agent_id, reply.seq) == (Author.AGENT, mei.id, 6)
    back = any_crm.conversations.hand_back(conversation_id, mei.id)
    assert (back.owner, back.agent_id) == (Owner.BOT, None)
    assert any_crm.conversations.next_turn(conversation_id, "gateway-1", lease_seconds=20) is None, "nothing re-played"
    any_crm.conversations.accept(conversation_id, {"text": "where is my order?"})
    answered(any_crm, conversation_id, "On its way.")
    assert said(any_crm, conversation_id) == [
        ("customer", "I want a person"),
        ("system", "handoff_requested"),
        ("customer", "anybody?"),
        ("system", "agent_joined"),
        ("customer", "my lamp!"),
        ("agent", "What about it?"),
        ("system", "handed_back"),
        ("customer", "where is my order?"),
        ("bot", "On its way."),
    ]
    assert exits(any_crm) == [("returned", True)]


def test_asking_twice_waits_once(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "a person!")
    first = any_crm.conversations.request_handoff(conversation_id, "request", requested_by="customer")
    again = any_crm.conversations.request_handoff(conversation_id, "complaint", requested_by="bot")
    assert again == first
    assert len(any_crm.conversations.queue()) == 1


def test_the_queue_is_in_the_order_of_asking(any_crm: Crm, clock: FakeClock) -> None:
    ids = []
    for visitor in ("a", "b", "c"):
        conversation = any_crm.conversations.open("web", visitor)
        any_crm.conversations.accept(conversation.id, {"text": f"help {visitor}"})
        any_crm.conversations.request_handoff(conversation.id, "request", requested_by="customer")
        clock.advance(seconds=30)
        ids.append(conversation.id)
    queue = any_crm.conversations.queue()
    assert [(entry.conversation.id, entry.position, entry.last_text) for entry in queue] == [
        (ids[0], 1, "help a"),
        (ids[1], 2, "help b"),
        (ids[2], 3, "help c"),
    ]
    any_crm.conversations.cancel_handoff(ids[0])
    assert [any_crm.conversations.handoff_state(one) for one in ids] == [None, *any_crm.conversations.queue()]


def test_a_customer_may_stay_with_the_bot_after_all(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "a person!")
    any_crm.conversations.request_handoff(conversation_id, "request", requested_by="customer")
    assert any_crm.conversations.cancel_handoff(conversation_id).owner is Owner.BOT
    assert exits(any_crm) == [("cancelled", False)]
    with pytest.raises(Conflict):
        any_crm.conversations.cancel_handoff(conversation_id)


def test_of_many_agents_who_take_at_once_one_gets_it(any_crm: Crm) -> None:
    agents = [employed(any_crm, f"Agent{number}") for number in range(5)]
    conversation_id = begun(any_crm, "a person!")
    any_crm.conversations.request_handoff(conversation_id, "request", requested_by="customer")

    def take(agent_id: str) -> str | None:
        try:
            return any_crm.conversations.take(conversation_id, agent_id).agent_id
        except Conflict:
            return None

    with ThreadPoolExecutor(5) as pool:
        got = [one for one in pool.map(take, [agent.id for agent in agents]) if one]
    assert len(got) == 1
    assert any_crm.conversations.get(conversation_id).agent_id == got[0]
    assert [one.id for one in any_crm.conversations.of_agent(got[0])] == [conversation_id]


def test_taking_what_one_has_is_no_news(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "hello")
    assert any_crm.conversations.take(conversation_id, mei.id) == any_crm.conversations.take(conversation_id, mei.id)
    assert len(exits(any_crm)) == 1


def test_who_no_longer_works_here_takes_nothing(any_crm: Crm) -> None:
    mei, boss = employed(any_crm, "Mei"), employed(any_crm, "Boss", "admin")
    any_crm.staff.set_active(mei.id, False, actor=any_crm.staff.actor(boss))
    conversation_id = begun(any_crm, "hello")
    with pytest.raises(AgentNotFound):
        any_crm.conversations.take(conversation_id, mei.id)


def test_a_person_never_writes_into_a_conversation_that_is_not_theirs(any_crm: Crm) -> None:
    mei, tom = employed(any_crm, "Mei"), employed(any_crm, "Tom")
    conversation_id = begun(any_crm, "hello")
    for writer in (mei, tom):
        with pytest.raises(NotAllowed):
            any_crm.conversations.say(conversation_id, writer.id, "the bot has it")
    any_crm.conversations.take(conversation_id, mei.id)
    with pytest.raises(NotAllowed):
        any_crm.conversations.say(conversation_id, tom.id, "mei has it")
    any_crm.conversations.release(conversation_id, mei.id)
    with pytest.raises(NotAllowed):
        any_crm.conversations.say(conversation_id, mei.id, "nobody has it")
    any_crm.conversations.take(conversation_id, mei.id)
    any_crm.conversations.finish(conversation_id, mei.id)
    with pytest.raises(NotAllowed):
        any_crm.conversations.say(conversation_id, mei.id, "it is over")
    assert all(author != "agent" for author, _ in said(any_crm, conversation_id))


def test_nobody_gives_away_what_is_not_theirs(any_crm: Crm) -> None:
    mei, tom = employed(any_crm, "Mei"), employed(any_crm, "Tom")
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.take(conversation_id, mei.id)
    for deed in (any_crm.conversations.release, any_crm.conversations.hand_back, any_crm.conversations.finish):
        with pytest.raises(NotAllowed):
            deed(conversation_id, tom.id)
    assert any_crm.conversations.get(conversation_id).agent_id == mei.id


def test_a_released_conversation_keeps_its_place_in_the_queue(any_crm: Crm, clock: FakeClock) -> None:
    mei = employed(any_crm, "Mei")
    first = begun(any_crm, "a person!")
    any_crm.conversations.request_handoff(first, "complaint", requested_by="customer")
    asked_at = clock.now
    clock.advance(minutes=1)
    second = any_crm.conversations.open("web", "visitor-2").id
    any_crm.conversations.request_handoff(second, "request", requested_by="customer")
    any_crm.conversations.take(first, mei.id)
    clock.advance(minutes=1)
    any_crm.conversations.release(first, mei.id)
    entry = any_crm.conversations.queue()[0]
    assert (entry.conversation.id, entry.reason, entry.requested_at) == (first, "complaint", asked_at)
    assert exits(any_crm) == [("released", True), (None, False), (None, False)]


def test_an_agents_message_that_is_sent_twice_is_said_once(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.take(conversation_id, mei.id)
    first = any_crm.conversations.say(conversation_id, mei.id, "hi", external_id="desk-1")
    assert any_crm.conversations.say(conversation_id, mei.id, "hi", external_id="desk-1") == first
    assert any_crm.conversations.say(conversation_id, mei.id, "there").seq == first.seq + 1


def test_an_agent_can_show_products_but_not_say_nothing(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.take(conversation_id, mei.id)
    shown = any_crm.conversations.say(conversation_id, mei.id, "this one?", cards=[{"sku": "LAMP-1"}])
    assert shown.body == {"text": "this one?", "cards": [{"sku": "LAMP-1"}]}
    with pytest.raises(InvalidInput):
        any_crm.conversations.say(conversation_id, mei.id, " ")


def test_a_finished_conversation_was_solved_by_a_person(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.take(conversation_id, mei.id)
    closed = any_crm.conversations.finish(conversation_id, mei.id)
    assert (closed.status, closed.outcome, closed.agent_id) == ("closed", Outcome.SOLVED_BY_PERSON, mei.id)
    assert any_crm.conversations.finish(conversation_id, mei.id) == closed
    assert exits(any_crm) == [("solved", True)]
    assert any_crm.conversations.of_agent(mei.id) == []


def test_nothing_can_be_asked_in_a_closed_conversation(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.close(conversation_id)
    with pytest.raises(Conflict):
        any_crm.conversations.request_handoff(conversation_id, "request", requested_by="customer")
    with pytest.raises(Conflict):
        any_crm.conversations.take(conversation_id, mei.id)


def test_what_does_not_exist_is_not_handed_off(any_crm: Crm) -> None:
    with pytest.raises(ConversationNotFound):
        any_crm.conversations.request_handoff("01234567-89ab-7def-8123-456789abcdef", "request", requested_by="bot")


def test_a_failed_answer_can_wait_for_a_person_too(any_crm: Crm) -> None:
    conversation_id = begun(any_crm, "hello")
    any_crm.conversations.finish_turn(leased(any_crm, conversation_id), answer("Sorry.", failed=True, trace={}))
    any_crm.conversations.request_handoff(conversation_id, "assistant_unavailable", requested_by="bot")
    assert any_crm.conversations.queue()[0].reason == "assistant_unavailable"


def test_a_form_that_was_interrupted_goes_on_with_its_question_when_the_bot_is_back(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "I want to return something")
    trace = {"intent": {"name": "return_order"}, "active_loop": "order_return_form"}
    button = {"title": "Desk lamp", "payload": "/inform"}
    asked = answer(trace=trace)
    asked.replies.extend([{"text": "Which item is it?", "buttons": [button]}])
    any_crm.conversations.finish_turn(leased(any_crm, talk), asked)
    any_crm.conversations.accept(talk, {"text": "a person, please"})
    answered(any_crm, talk, "I have asked a colleague.", trace=trace, handoff=HandoffWish("request"))
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.accept(talk, {"text": "must I pay for it?"})
    any_crm.conversations.say(talk, mei.id, "No, it is free.")
    back = any_crm.conversations.hand_back(talk, mei.id)
    assert said(any_crm, talk)[-2:] == [("system", "handed_back"), ("bot", "Which item is it?")]
    last = any_crm.conversations.messages(talk)[-1]
    assert (last.seq, last.body["buttons"]) == (back.last_seq, [button])
    assert any_crm.conversations.next_turn(talk, "gateway-1", lease_seconds=20) is None, "nothing re-played"


def test_outside_of_a_form_the_bot_says_nothing_by_itself_when_it_is_back(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "hello")
    answered(any_crm, talk, "How can I help?")
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.hand_back(talk, mei.id)
    assert said(any_crm, talk)[-1] == ("system", "handed_back")
