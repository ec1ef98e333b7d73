"""What happens by itself, once, and also after a restart."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from crm_core.crm import Crm
from crm_core.errors import InvalidInput
from crm_core.records.lists import Shelf
from crm_core.records.people import Actor
from crm_core.settings import Settings
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answered, begun, employed, said
from tests.crm_core.use_cases.test_handoffs import exits


def events(crm: Crm, conversation_id: str) -> list[str]:
    return [text for author, text in said(crm, conversation_id) if author == "system"]


def test_who_waits_in_vain_is_told_so_once_and_gets_a_ticket(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "a person")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    clock.advance(minutes=5)
    with ThreadPoolExecutor(4) as gateways:
        fired = list(gateways.map(lambda _: any_crm.conversations.fire_timers(), range(4)))
    assert sorted(fired) == [[], [], [], [talk]], "several gateways look, one acts"
    assert events(any_crm, talk) == ["handoff_requested", "nobody_came"]
    assert [(ticket.conversation_id, ticket.reason) for ticket in any_crm.tickets.unanswered()] == [
        (talk, "nobody_came")
    ]
    assert len(any_crm.conversations.queue()) == 1, "they wait on"


def test_who_was_taken_in_time_is_not_told_that_nobody_came(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "a person")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    any_crm.conversations.take(talk, employed(any_crm, "Mei").id)
    any_crm.conversations.say(talk, any_crm.staff.list()[0].id, "Here I am.")
    clock.advance(minutes=60)
    assert any_crm.conversations.fire_timers() == []


def test_a_timer_survives_a_restart(settings: Settings, clock: FakeClock) -> None:
    before = Crm(settings, clock)
    before.migrate()
    talk = begun(before, "a person")
    before.conversations.request_handoff(talk, "request", requested_by="customer")
    before.close()
    clock.advance(minutes=30)
    after = Crm(settings, clock)
    assert after.conversations.fire_timers() == [talk]
    assert after.conversations.fire_timers() == []
    after.close()


def test_out_of_hours_the_truth_is_told_at_once(settings: Settings, clock: FakeClock) -> None:
    closed = settings.model_copy(update={"service_hours": "mon-fri 10:00-18:00"})
    crm = Crm(closed, clock)
    crm.migrate()
    talk = begun(crm, "a person")
    crm.conversations.request_handoff(talk, "request", requested_by="customer")
    entry = crm.conversations.handoff_state(talk)
    assert entry is not None
    assert entry.opens_at == clock.now + timedelta(minutes=30)
    assert entry.reply_due_at == clock.now + timedelta(minutes=35)
    told = crm.conversations.messages(talk)[-1].body
    assert told["opens_at"] == entry.opens_at.isoformat()
    crm.conversations.leave_contact(talk, " Ann@Example.com ")
    assert [(ticket.reason, ticket.contact) for ticket in crm.tickets.unanswered()] == [
        ("out_of_hours", "a***@example.com")
    ]
    crm.tickets.answered(talk, employed(crm, "Mei").id)
    assert crm.tickets.unanswered() == []
    crm.close()


def test_an_address_that_is_none_is_refused(any_crm: Crm) -> None:
    with pytest.raises(InvalidInput, match="email"):
        any_crm.conversations.leave_contact(begun(any_crm, "hello"), "nowhere")


def test_a_quiet_customer_who_owes_an_answer_is_asked_once_and_then_left_alone(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "my order")
    answered(any_crm, talk, "What is its number?")
    clock.advance(minutes=9)
    assert any_crm.conversations.nudge_quiet() == []
    clock.advance(minutes=1)
    assert any_crm.conversations.nudge_quiet() == [talk]
    clock.advance(minutes=10)
    assert any_crm.conversations.nudge_quiet() == []
    assert events(any_crm, talk) == ["nudge"]
    clock.advance(minutes=10)
    assert any_crm.conversations.close_idle() == [talk], "a question of ours is no sign of life"


def test_who_got_an_answer_is_not_asked(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "how long is the warranty")
    answered(any_crm, talk, "Two years.")
    clock.advance(minutes=11)
    assert any_crm.conversations.nudge_quiet() == []


def test_who_waits_for_a_person_is_not_asked_whether_they_are_there(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "a person")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    clock.advance(minutes=20)
    assert any_crm.conversations.nudge_quiet() == []


def test_a_wait_that_ends_without_anybody_is_kept_as_that(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "a person")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    clock.advance(minutes=241)
    assert any_crm.conversations.close_idle() == [talk]
    assert exits(any_crm) == [("no_agent", False)]


def test_when_somebody_was_served_it_can_be_said_how_long_the_next_wait(any_crm: Crm, clock: FakeClock) -> None:
    mei = employed(any_crm, "Mei")
    for number in range(3):
        talk = any_crm.conversations.open("web", f"served-{number}").id
        any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
        clock.advance(minutes=2)
        any_crm.conversations.take(talk, mei.id)
    waits = any_crm.conversations.open("web", "waits").id
    any_crm.conversations.request_handoff(waits, "request", requested_by="customer")
    clock.advance(minutes=2)
    entry = any_crm.conversations.handoff_state(waits)
    assert entry is not None
    assert entry.expected_wait == timedelta(minutes=2)


def test_a_customer_to_whom_an_answer_is_owed_is_not_forgotten(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "where is my money")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    any_crm.conversations.leave_contact(talk, "ann@example.com")
    any_crm.conversations.accept(talk, {"text": "bye"})
    answered(any_crm, talk, "Goodbye!", close=True)
    clock.advance(days=2)
    assert any_crm.conversations.close_idle() == any_crm.conversations.nudge_quiet() == []
    actor = Actor("01234567-89ab-7def-8123-456789abcdef", "agent")
    assert [each.conversation.id for each in any_crm.lists.of(Shelf.OWED, actor=actor)] == [talk]
    mei = employed(any_crm, "Mei")
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.say(talk, mei.id, "On Monday.")
    any_crm.conversations.finish(talk, mei.id)
    assert any_crm.lists.of(Shelf.OWED, actor=actor) == any_crm.tickets.unanswered() == []


def test_who_stays_with_the_bot_after_all_is_owed_nothing(any_crm: Crm, clock: FakeClock) -> None:
    talk = begun(any_crm, "a person")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    clock.advance(minutes=5)
    any_crm.conversations.fire_timers()
    any_crm.conversations.cancel_handoff(talk)
    assert any_crm.tickets.unanswered() == []
