"""Tags, priority and snooze of a conversation."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_core.conversations.labels import Snooze
from crm_core.conversations.urgency import Priority
from crm_core.crm import Crm
from crm_core.errors import ConversationNotFound, InvalidInput, NotAllowed
from crm_core.records.lists import Shelf
from crm_core.records.people import SYSTEM, Actor
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import begun, employed

STRANGER = Actor("visitor", "customer")


@pytest.fixture
def mei(any_crm: Crm) -> Actor:
    agent = employed(any_crm, "Mei")
    return Actor(agent.id, agent.role)


def done(crm: Crm, talk: str) -> list[tuple[str, str, object]]:
    return [
        (deed.what, deed.actor, next(iter(deed.detail.values()), None))
        for deed in reversed(crm.activity.of_conversation(talk))
        if deed.what not in {"agent_joined", "handoff_requested"}
    ]


def test_tags_are_put_on_once_taken_off_and_told(any_crm: Crm, mei: Actor, clock: FakeClock) -> None:
    talk, add = begun(any_crm, "hello"), any_crm.conversations.add_tag
    assert add(talk, "#Broken", actor=mei) == ["broken"]
    clock.advance(seconds=1)
    assert add(talk, "VIP", actor=mei) == add(talk, "vip", actor=mei) == ["broken", "vip"]
    clock.advance(seconds=1)
    assert any_crm.conversations.remove_tag(talk, "broken", actor=mei) == ["vip"] == any_crm.conversations.tags(talk)
    any_crm.conversations.remove_tag(talk, "broken", actor=mei)
    assert done(any_crm, talk) == [
        ("tag_added", mei.id, "broken"),
        ("tag_added", mei.id, "vip"),
        ("tag_removed", mei.id, "broken"),
    ]
    with pytest.raises(InvalidInput):
        add(talk, "#", actor=mei)
    with pytest.raises(NotAllowed):
        add(talk, "x", actor=STRANGER)
    with pytest.raises(ConversationNotFound):
        add("018f0000-0000-7000-8000-00000000dead", "x", actor=mei)


def test_the_tags_used_most_are_known_by_name_and_gone_with_the_person(any_crm: Crm, mei: Actor) -> None:
    talk = begun(any_crm, "hello")
    for tag in ("vip", "broken"):
        any_crm.conversations.add_tag(talk, tag, actor=mei)
    assert any_crm.conversations.known_tags() == ["broken", "vip"]
    customer = any_crm.conversations.get(talk).customer_id
    assert {row["tag"] for row in any_crm.privacy.export(customer, actor=SYSTEM)["tags"]} == {"vip", "broken"}
    any_crm.privacy.erase(customer, actor=SYSTEM)
    assert any_crm.conversations.known_tags() == []


def test_a_priority_set_by_hand_changes_who_is_next(any_crm: Crm, mei: Actor, clock: FakeClock) -> None:
    first, second = (any_crm.conversations.open("web", visitor).id for visitor in ("a", "b"))
    for talk in (first, second):
        any_crm.conversations.accept(talk, {"text": "help"})
        any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
        clock.advance(seconds=1)
    any_crm.conversations.set_priority(second, Priority.URGENT, actor=mei)
    any_crm.conversations.set_priority(second, Priority.URGENT, actor=mei)
    assert [entry.conversation.id for entry in any_crm.conversations.queue()] == [second, first]
    assert done(any_crm, second) == [("priority_set", mei.id, "urgent")]
    with pytest.raises(NotAllowed):
        any_crm.conversations.set_priority(second, Priority.LOW, actor=STRANGER)


def test_a_conversation_laid_aside_comes_back_when_its_time_is_over(any_crm: Crm, mei: Actor, clock: FakeClock) -> None:
    talk = begun(any_crm)
    any_crm.conversations.take(talk, mei.id)
    laid = any_crm.conversations.snooze(talk, Snooze.TOMORROW, actor=mei)
    assert laid.snoozed_until == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert any_crm.lists.of(Shelf.MINE, actor=mei) == []
    assert [one.conversation.id for one in any_crm.lists.of(Shelf.SNOOZED, actor=mei)] == [talk]
    clock.advance(hours=23)
    assert any_crm.conversations.fire_timers() == []
    clock.advance(hours=1)
    assert any_crm.conversations.fire_timers() == [talk]
    assert any_crm.conversations.get(talk).snoozed_until is None
    assert [one.conversation.id for one in any_crm.lists.of(Shelf.MINE, actor=mei)] == [talk]
    assert done(any_crm, talk) == [("snoozed", mei.id, "2026-03-03T09:00:00+00:00"), ("woken", "system", None)]


def test_the_customers_word_or_the_agent_brings_it_back_before(any_crm: Crm, mei: Actor, clock: FakeClock) -> None:
    talk = begun(any_crm)
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.snooze(talk, Snooze.HOUR, actor=mei)
    assert any_crm.conversations.wake(talk, actor=mei).snoozed_until is None
    any_crm.conversations.snooze(talk, Snooze.HOUR, actor=mei)
    any_crm.conversations.accept(talk, {"text": "I am back"})
    assert any_crm.conversations.get(talk).snoozed_until is None
    clock.advance(hours=2)
    any_crm.conversations.fire_timers()
    assert [deed for deed in done(any_crm, talk) if deed[1] == "system" and deed[0] == "woken"] == []


def test_nobody_lays_aside_what_is_not_theirs(any_crm: Crm, mei: Actor) -> None:
    bo = employed(any_crm, "Bo")
    talk = begun(any_crm, "hello")
    with pytest.raises(NotAllowed):
        any_crm.conversations.snooze(talk, Snooze.HOUR, actor=mei)
    any_crm.conversations.take(talk, bo.id)
    for deed in (
        lambda: any_crm.conversations.snooze(talk, Snooze.HOUR, actor=mei),
        lambda: any_crm.conversations.wake(talk, actor=mei),
    ):
        with pytest.raises(NotAllowed):
            deed()
