"""What users of other systems complain of in the hand-over between bot and people, each made impossible here."""

from __future__ import annotations

from crm_core.crm import Crm
from crm_core.records.conversations import HandoffWish, Owner, TurnResult
from crm_core.records.team import Presence
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answer, answered, begun, employed, leased, said
from tests.crm_core.use_cases.test_routing import at_work, waiting


def test_the_bot_never_talks_over_a_person(any_crm: Crm) -> None:
    """Elsewhere the bot's webhook goes on answering after an agent has opened the conversation."""
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "where is my order")
    thinking = leased(any_crm, talk)
    any_crm.conversations.take(talk, mei.id)
    assert any_crm.conversations.finish_turn(thinking, answer("It is on its way.")) == []
    any_crm.conversations.accept(talk, {"text": "hello?"})
    assert any_crm.conversations.next_turn(talk, "gateway-1", lease_seconds=20) is None
    assert ("bot", "It is on its way.") not in said(any_crm, talk)


def test_the_way_back_to_the_bot_replays_nothing(any_crm: Crm) -> None:
    """Elsewhere what was typed to the agent is sent through the bot afterwards, which hands over again at once."""
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "hello")
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.accept(talk, {"text": "i want to talk to a person"})
    any_crm.conversations.hand_back(talk, mei.id)
    assert any_crm.conversations.next_turn(talk, "gateway-1", lease_seconds=20) is None
    assert any_crm.conversations.get(talk).owner is Owner.BOT
    any_crm.conversations.accept(talk, {"text": "thank you"})
    answered(any_crm, talk, "You are welcome.")


def test_a_hand_off_does_not_go_round_in_circles(any_crm: Crm) -> None:
    """Elsewhere a solved conversation that is written into again goes to a person although nobody asked for one."""
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "a person")
    answered(any_crm, talk, "I ask.", handoff=HandoffWish("request"))
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.finish(talk, mei.id)
    again = any_crm.conversations.open("web", "visitor-1")
    any_crm.conversations.accept(again.id, {"text": "one more thing"})
    assert any_crm.conversations.get(again.id).owner is Owner.BOT
    assert any_crm.conversations.queue() == []


def test_a_customer_is_not_stuck_when_the_bot_is_slow_and_the_bot_not_mute_for_ever(
    any_crm: Crm, clock: FakeClock
) -> None:
    """Elsewhere a slow bot flips the conversation to people for good, or leaves the customer with nothing."""
    talk = begun(any_crm, "where is my order")
    for _ in range(3):
        turn = leased(any_crm, talk)
        any_crm.conversations.delay_turn(turn, retry_after_seconds=1)
        clock.advance(seconds=2)
    any_crm.conversations.finish_turn(leased(any_crm, talk), TurnResult([{"text": "Sorry."}], failed=True))
    assert any_crm.conversations.get(talk).owner is Owner.BOT
    any_crm.conversations.accept(talk, {"text": "and now?"})
    answered(any_crm, talk, "On its way.")
    assert [text for _, text in said(any_crm, talk)] == ["where is my order", "Sorry.", "and now?", "On its way."]


def test_nothing_is_assigned_to_somebody_who_has_gone_home(any_crm: Crm, clock: FakeClock) -> None:
    """Elsewhere conversations are assigned to agents who are offline, and wait there."""
    mei = at_work(any_crm, "Mei")
    any_crm.team.left(mei.id)
    waiting(any_crm, "visitor-1")
    assert any_crm.conversations.assign_waiting() == []
    assert [member.presence for member in any_crm.team.members()] == [Presence.OFFLINE]


def test_who_comes_free_gets_who_waits(any_crm: Crm) -> None:
    """Elsewhere the queue is looked at only when a new conversation comes in."""
    mei = at_work(any_crm, "Mei", capacity=1)
    first, second = (waiting(any_crm, f"visitor-{number}") for number in (1, 2))
    any_crm.conversations.assign_waiting()
    any_crm.conversations.hand_back(first, mei.id)
    assert [talk.id for talk in any_crm.conversations.assign_waiting()] == [second]


def test_a_message_that_was_kept_but_not_confirmed_is_not_kept_twice(any_crm: Crm) -> None:
    """Elsewhere an error after the message was stored makes the client send again, and it is there twice."""
    talk = begun(any_crm)
    first = any_crm.conversations.accept(talk, {"text": "hi"}, external_id="visitor-1:m1")
    again = any_crm.conversations.accept(talk, {"text": "hi"}, external_id="visitor-1:m1")
    assert (first.duplicate, again.duplicate) == (False, True)
    assert said(any_crm, talk) == [("customer", "hi")]
