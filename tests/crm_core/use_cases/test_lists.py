"""Lists of conversations: which, in which order, and what is shown of each."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, NotAllowed
from crm_core.records.lists import Shelf, Wanted
from crm_core.records.people import Actor
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answered, begun, employed

AGENT = Actor("01234567-89ab-7def-8123-456789abcdef", "agent")


def wrote(crm: Crm, visitor: str, text: str, language: str = "en") -> str:
    talk = crm.conversations.open("web", visitor, language=language)
    crm.conversations.accept(talk.id, {"text": text})
    return talk.id


def shown(crm: Crm, shelf: Shelf, actor: Actor = AGENT, **wanted: str) -> list[str]:
    return [each.preview for each in crm.lists.of(shelf, actor=actor, wanted=Wanted(**wanted))]


def test_open_conversations_are_listed_by_what_was_said_last(any_crm: Crm, clock: FakeClock) -> None:
    first = wrote(any_crm, "visitor-1", "first")
    clock.advance(seconds=1)
    wrote(any_crm, "visitor-2", "second")
    clock.advance(seconds=1)
    answered(any_crm, first, "an answer")
    assert shown(any_crm, Shelf.OPEN) == ["first", "second"]
    assert [each.unread for each in any_crm.lists.of(Shelf.OPEN, actor=AGENT)] == [False, True]
    assert any_crm.lists.count(Shelf.OPEN, actor=AGENT) == 2


def test_the_queue_is_listed_by_urgency_with_what_speaks_for_each(any_crm: Crm, clock: FakeClock) -> None:
    calm, angry = wrote(any_crm, "visitor-1", "a question"), wrote(any_crm, "visitor-2", "a complaint")
    for talk, reason in ((calm, "request"), (angry, "complaint")):
        any_crm.conversations.request_handoff(talk, reason, requested_by="customer")
    listed = any_crm.lists.of(Shelf.WAITING, actor=AGENT)
    assert [(each.position, each.preview, each.reason) for each in listed] == [
        (1, "a complaint", "complaint"),
        (2, "a question", "request"),
    ]
    assert "upset" in [reason.code for reason in listed[0].reasons]


def test_each_agent_has_a_list_of_their_own(any_crm: Crm) -> None:
    mei, tom = employed(any_crm, "Mei"), employed(any_crm, "Tom")
    talk = wrote(any_crm, "visitor-1", "hello")
    any_crm.conversations.take(talk, mei.id)
    for agent in (mei, tom):
        any_crm.team.seen(agent.id)
    any_crm.conversations.offer(talk, mei.id, tom.id)
    assert shown(any_crm, Shelf.MINE, Actor(mei.id, "agent")) == ["hello"]
    assert shown(any_crm, Shelf.MINE, Actor(tom.id, "agent")) == []
    assert shown(any_crm, Shelf.OFFERED, Actor(tom.id, "agent")) == ["hello"]
    assert shown(any_crm, Shelf.OFFERED, Actor(mei.id, "agent")) == []


def test_a_list_can_be_narrowed(any_crm: Crm) -> None:
    wrote(any_crm, "visitor-1", "hello")
    chinese = wrote(any_crm, "visitor-2", "\u4f60\u597d", language="zh")
    any_crm.conversations.request_handoff(chinese, "request", requested_by="customer")
    assert shown(any_crm, Shelf.OPEN, language="zh") == ["\u4f60\u597d"]
    assert shown(any_crm, Shelf.OPEN, owner="bot") == ["hello"]
    assert shown(any_crm, Shelf.WAITING, language="en") == []
    assert any_crm.lists.count(Shelf.OPEN, actor=AGENT, wanted=Wanted(language="zh")) == 1


def test_a_list_can_be_narrowed_to_a_tag(any_crm: Crm) -> None:
    wrote(any_crm, "visitor-1", "hello")
    vip = wrote(any_crm, "visitor-2", "good morning")
    any_crm.conversations.add_tag(vip, "vip", actor=AGENT)
    assert shown(any_crm, Shelf.OPEN, tag="vip") == ["good morning"]
    for talk in (vip, wrote(any_crm, "visitor-3", "somebody else")):
        any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    assert shown(any_crm, Shelf.WAITING, tag="vip") == ["good morning"]


def test_a_closed_conversation_leaves_the_open_ones(any_crm: Crm) -> None:
    talk = wrote(any_crm, "visitor-1", "hello")
    any_crm.conversations.close(talk)
    assert (shown(any_crm, Shelf.OPEN), shown(any_crm, Shelf.CLOSED)) == ([], ["hello"])


def test_a_list_that_is_kept_is_there_again_for_its_owner_only(any_crm: Crm) -> None:
    mei, tom = (Actor(employed(any_crm, name).id, "agent") for name in ("Mei", "Tom"))
    kept = any_crm.lists.save(" Chinese, urgent ", Shelf.OPEN, Wanted(language="zh", priority="urgent"), actor=mei)
    [found] = any_crm.lists.saved(actor=mei)
    assert (found.name, found.shelf, found.wanted) == (
        "Chinese, urgent",
        Shelf.OPEN,
        Wanted(language="zh", priority="urgent"),
    )
    assert any_crm.lists.saved(actor=tom) == []
    any_crm.lists.forget(kept, actor=tom)
    assert len(any_crm.lists.saved(actor=mei)) == 1
    any_crm.lists.forget(kept, actor=mei)
    assert any_crm.lists.saved(actor=mei) == []
    with pytest.raises(InvalidInput, match="name"):
        any_crm.lists.save("  ", Shelf.OPEN, Wanted(), actor=mei)


def test_who_answers_no_customers_reads_no_list(any_crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        any_crm.lists.of(Shelf.OPEN, actor=Actor("somebody", "customer"))


def test_a_preview_shows_nobodys_values_before_the_conversation_is_opened(any_crm: Crm) -> None:
    begun(any_crm, "my number is 202-555-0143, mail me at ann@example.com")
    (listed,) = any_crm.lists.of(Shelf.OPEN, actor=AGENT)
    assert listed.preview == "my number is ***0143, mail me at a***@example.com"
