"""A customer who writes again after the end comes to the person who served them, if that person is there."""

from __future__ import annotations

from crm_core.crm import Crm
from crm_core.records.team import Presence
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import employed


def asked_for_a_person(crm: Crm, visitor: str) -> str:
    talk = crm.conversations.open("web", visitor).id
    crm.conversations.accept(talk, {"text": "a person please"})
    crm.conversations.request_handoff(talk, "request", requested_by="customer")
    return talk


def test_who_comes_back_gets_the_same_person(any_crm: Crm, clock: FakeClock) -> None:
    staff = [employed(any_crm, name) for name in ("Ada", "Bo", "Cy")]
    first = asked_for_a_person(any_crm, "visitor-1")
    any_crm.conversations.take(first, staff[2].id)
    any_crm.conversations.finish(first, staff[2].id)
    clock.advance(minutes=20)
    for agent in staff:
        any_crm.team.seen(agent.id)
        any_crm.team.set_presence(agent.id, Presence.AVAILABLE)
    again, other = asked_for_a_person(any_crm, "visitor-1"), asked_for_a_person(any_crm, "visitor-2")
    assert again != first, "a new conversation, which the assistant begins"
    any_crm.conversations.assign_waiting()
    assert any_crm.conversations.get(again).agent_id == staff[2].id
    assert any_crm.conversations.get(other).agent_id in {staff[0].id, staff[1].id}
