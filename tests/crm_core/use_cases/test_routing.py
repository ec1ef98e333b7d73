"""To whom conversations go: by themselves, from colleague to colleague, by a supervisor's word."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput, NotAllowed
from crm_core.records.conversations import Owner
from crm_core.records.people import Actor, Agent
from crm_core.records.team import Presence
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answered, begun, employed, said

BOSS = Actor("boss", "supervisor")


def at_work(crm: Crm, name: str, **work: object) -> Agent:
    """Employ somebody who is there and available."""
    agent = employed(crm, name)
    crm.team.set_presence(agent.id, Presence.AVAILABLE)
    given: dict[str, object] = {"team": None, "skills": [], "languages": ["en", "zh"], "capacity": 5, **work}
    crm.team.set_work(agent.id, actor=BOSS, **given)  # type: ignore[arg-type]
    return agent


def waiting(crm: Crm, visitor: str, reason: str = "request", language: str = "en") -> str:
    """Let a visitor wait for a person."""
    talk = crm.conversations.open("web", visitor, language=language)
    crm.conversations.accept(talk.id, {"text": "a person, please"})
    crm.conversations.request_handoff(talk.id, reason, requested_by="customer")
    return talk.id


def owner(crm: Crm, conversation_id: str) -> tuple[Owner, str | None]:
    talk = crm.conversations.get(conversation_id)
    return talk.owner, talk.agent_id


def test_who_waits_gets_who_is_free_and_the_rest_waits_on(any_crm: Crm) -> None:
    mei = at_work(any_crm, "Mei", capacity=2)
    ids = [waiting(any_crm, f"visitor-{number}") for number in range(3)]
    given = any_crm.conversations.assign_waiting()
    assert {talk.id for talk in given} == set(ids[:2])
    assert all(owner(any_crm, talk.id) == (Owner.HUMAN, mei.id) for talk in given)
    assert any_crm.conversations.assign_waiting() == []
    any_crm.conversations.finish(ids[0], mei.id)
    assert [talk.id for talk in any_crm.conversations.assign_waiting()] == [ids[2]], "drained when somebody is free"


def test_nothing_comes_to_who_is_away_or_whose_desk_is_closed(any_crm: Crm, clock: FakeClock) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    any_crm.team.set_presence(mei.id, Presence.AWAY)
    clock.advance(seconds=50)  # nothing was seen of either
    any_crm.team.seen(mei.id)
    waiting(any_crm, "visitor-1")
    assert [(member.name, member.presence) for member in any_crm.team.members()] == [
        ("Mei", Presence.AWAY),
        ("Tom", Presence.OFFLINE),
    ]
    assert any_crm.conversations.assign_waiting() == []
    any_crm.team.seen(tom.id)
    assert [talk.agent_id for talk in any_crm.conversations.assign_waiting()] == [tom.id]


def test_a_wish_goes_to_who_knows_the_matter_and_the_language(any_crm: Crm) -> None:
    at_work(any_crm, "Ann", languages=["en"])
    mei = at_work(any_crm, "Mei", skills=["complaints"])
    talk = waiting(any_crm, "visitor-1", reason="complaint", language="zh")
    any_crm.conversations.assign_waiting()
    assert owner(any_crm, talk) == (Owner.HUMAN, mei.id)


def test_the_skill_follows_from_what_was_wanted_last(any_crm: Crm) -> None:
    talk = begun(any_crm, "where is my parcel")
    answered(any_crm, talk, "On its way.")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    assert any_crm.conversations.queue()[0].skill == "orders"


def test_a_conversation_assigned_to_a_silent_agent_goes_back_and_to_somebody_else(
    any_crm: Crm, clock: FakeClock
) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    talk = waiting(any_crm, "visitor-1")
    any_crm.conversations.assign_waiting()
    first = any_crm.conversations.get(talk).agent_id
    clock.advance(minutes=5)
    for agent in (mei, tom):
        any_crm.team.seen(agent.id)
    assert any_crm.conversations.fire_timers() == [talk]
    assert owner(any_crm, talk) == (Owner.QUEUE, None)
    any_crm.conversations.assign_waiting()
    second = any_crm.conversations.get(talk).agent_id
    assert {first, second} == {mei.id, tom.id}
    presences = {member.id: member.presence for member in any_crm.team.members()}
    assert presences[str(first)] is Presence.AWAY, "nothing more comes to who does not answer"
    assert "agent_timed_out" in [text for _, text in said(any_crm, talk)]


def test_an_agent_who_answers_in_time_keeps_it_and_the_clock_runs_anew(any_crm: Crm, clock: FakeClock) -> None:
    mei = at_work(any_crm, "Mei")
    talk = waiting(any_crm, "visitor-1")
    any_crm.conversations.assign_waiting()
    clock.advance(minutes=4)
    any_crm.conversations.say(talk, mei.id, "Hello, I am Mei.")
    clock.advance(minutes=60)
    assert any_crm.conversations.fire_timers() == []
    any_crm.conversations.accept(talk, {"text": "hello?"})
    clock.advance(minutes=4)
    any_crm.conversations.accept(talk, {"text": "hello??"})
    assert any_crm.conversations.fire_timers() == []
    clock.advance(minutes=1)
    assert any_crm.conversations.fire_timers() == [talk], "the first unanswered message counts"


def test_a_customer_who_comes_back_gets_the_same_person(any_crm: Crm) -> None:
    mei, _tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    talk = waiting(any_crm, "visitor-1")
    any_crm.conversations.take(talk, mei.id)
    other = waiting(any_crm, "visitor-2")
    any_crm.conversations.take(other, mei.id)
    any_crm.conversations.finish(talk, mei.id)
    again = waiting(any_crm, "visitor-1")
    any_crm.conversations.assign_waiting()
    assert owner(any_crm, again) == (Owner.HUMAN, mei.id), "although the other has less to do"


def test_a_colleague_takes_over_only_what_they_accept(any_crm: Crm, clock: FakeClock) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    talk = begun(any_crm, "hello")
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.offer(talk, mei.id, tom.id)
    assert owner(any_crm, talk) == (Owner.HUMAN, mei.id)
    assert [each.id for each in any_crm.conversations.offered(tom.id)] == [talk]
    any_crm.conversations.accept_offer(talk, tom.id)
    assert owner(any_crm, talk) == (Owner.HUMAN, tom.id)
    assert any_crm.conversations.offered(tom.id) == []
    with pytest.raises(NotAllowed):
        any_crm.conversations.say(talk, mei.id, "still me")
    with pytest.raises(Conflict):
        any_crm.conversations.accept_offer(talk, tom.id)


def test_an_offer_that_is_declined_or_runs_out_changes_nothing(any_crm: Crm, clock: FakeClock) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    talk = begun(any_crm, "hello")
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.offer(talk, mei.id, tom.id)
    any_crm.conversations.decline_offer(talk, tom.id)
    any_crm.conversations.offer(talk, mei.id, tom.id)
    clock.advance(seconds=61)
    assert any_crm.conversations.fire_timers() == [talk]
    with pytest.raises(Conflict):
        any_crm.conversations.accept_offer(talk, tom.id)
    assert owner(any_crm, talk) == (Owner.HUMAN, mei.id)


def test_nothing_is_offered_to_who_is_not_there(any_crm: Crm) -> None:
    mei, ann = at_work(any_crm, "Mei"), employed(any_crm, "Ann")
    talk = begun(any_crm, "hello")
    any_crm.conversations.take(talk, mei.id)
    with pytest.raises(Conflict):
        any_crm.conversations.offer(talk, mei.id, ann.id)
    with pytest.raises(InvalidInput):
        any_crm.conversations.offer(talk, mei.id, mei.id)


def test_a_team_gets_what_is_sent_to_it_and_nobody_else_does(any_crm: Crm) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom", team="returns", capacity=0)
    talk = waiting(any_crm, "visitor-1")
    any_crm.conversations.take(talk, mei.id)
    any_crm.conversations.send_to_team(talk, mei.id, "returns")
    assert any_crm.conversations.queue()[0].team == "returns"
    assert any_crm.conversations.assign_waiting() == []
    work = {"team": "returns", "skills": [], "languages": ["en"], "capacity": 1}
    any_crm.team.set_work(tom.id, actor=BOSS, **work)  # type: ignore[arg-type]
    any_crm.conversations.assign_waiting()
    assert owner(any_crm, talk) == (Owner.HUMAN, tom.id)
    with pytest.raises(InvalidInput, match="team"):
        any_crm.conversations.send_to_team(talk, tom.id, "moon")


def test_a_supervisor_moves_any_conversation_and_an_agent_only_their_own(any_crm: Crm) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    talk = begun(any_crm, "hello")
    for agent in (mei, tom, mei):
        any_crm.conversations.assign(talk, agent.id, actor=BOSS)
        assert owner(any_crm, talk) == (Owner.HUMAN, agent.id)
    with pytest.raises(NotAllowed):
        any_crm.conversations.assign(talk, tom.id, actor=Actor(tom.id, "agent"))


def test_the_promise_to_the_customer_does_not_begin_anew_with_each_person(any_crm: Crm, clock: FakeClock) -> None:
    mei, tom = at_work(any_crm, "Mei"), at_work(any_crm, "Tom")
    talk = waiting(any_crm, "visitor-1")
    due = any_crm.conversations.queue()[0].reply_due_at
    any_crm.conversations.take(talk, mei.id)
    clock.advance(minutes=2)
    any_crm.conversations.assign(talk, tom.id, actor=BOSS)
    any_crm.conversations.release(talk, tom.id)
    assert any_crm.conversations.queue()[0].reply_due_at == due


@pytest.mark.parametrize(
    ("work", "named"), [({"capacity": -1}, "capacity"), ({"capacity": 99}, "capacity"), ({"languages": ["xx"]}, "xx")]
)
def test_work_that_nobody_can_do_is_refused(any_crm: Crm, work: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        at_work(any_crm, "Mei", **work)


def test_what_somebody_had_who_leaves_the_company_waits_for_the_next(any_crm: Crm) -> None:
    mei = at_work(any_crm, "Mei")
    talks = [waiting(any_crm, f"visitor-{number}") for number in range(2)]
    any_crm.conversations.assign_waiting()
    any_crm.conversations.release_all(mei.id)
    assert {entry.conversation.id for entry in any_crm.conversations.queue()} == set(talks)
