"""Notes of staff: at their place in the log, told to whom they mention, seen by no customer."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import ConversationNotFound, InvalidInput, NotAllowed, StorageUnavailable
from crm_core.records.people import SYSTEM, Actor, Agent
from crm_core.storage.tables import note_mentions, notes
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import answered, begun, employed, said


def as_actor(agent: Agent) -> Actor:
    return Actor(agent.id, agent.role)


def test_a_note_stands_after_what_was_said_last_and_is_no_message(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "my lamp is broken")
    answered(any_crm, talk, "I am sorry.")
    before = said(any_crm, talk)
    note = any_crm.notes.add(talk, "  third lamp this month\r\n", actor=as_actor(mei))
    assert (note.after_seq, note.text, note.mentions) == (2, "third lamp this month", ())
    assert any_crm.notes.of_conversation(talk) == [note]
    assert said(any_crm, talk) == before
    assert any_crm.conversations.get(talk).last_seq == 2


def test_the_mentioned_are_told_until_they_have_looked(any_crm: Crm, clock: FakeClock) -> None:
    mei, bo = employed(any_crm, "Mei"), employed(any_crm, "Bo")
    talk = begun(any_crm, "hello")
    first = any_crm.notes.add(talk, "@Bo and @Mei, what of this?", actor=as_actor(mei))
    clock.advance(minutes=1)
    second = any_crm.notes.add(talk, "@bo again", actor=as_actor(mei))
    assert first.mentions == (bo.id,), "who writes is not told"
    assert [(mention.note.text, mention.read) for mention in any_crm.notes.mentions(bo.id)] == [
        (second.text, False),
        (first.text, False),
    ]
    assert any_crm.notes.mentions(mei.id) == []
    assert (any_crm.notes.read(talk, bo.id), any_crm.notes.read(talk, bo.id)) == (2, 0)
    assert [mention.read for mention in any_crm.notes.mentions(bo.id)] == [True, True]


def test_what_is_not_read_yet_comes_first(any_crm: Crm, clock: FakeClock) -> None:
    mei, bo = employed(any_crm, "Mei"), employed(any_crm, "Bo")
    old = begun(any_crm, "old")
    any_crm.notes.add(old, "@Bo old", actor=as_actor(mei))
    clock.advance(minutes=1)
    new = any_crm.conversations.open("web", "visitor-2").id
    any_crm.notes.add(new, "@Bo new", actor=as_actor(mei))
    any_crm.notes.read(new, bo.id)
    assert [mention.note.text for mention in any_crm.notes.mentions(bo.id)] == ["@Bo old", "@Bo new"]
    assert [mention.note.text for mention in any_crm.notes.mentions(bo.id, limit=1)] == ["@Bo old"]


def test_who_left_the_company_is_not_mentioned(any_crm: Crm) -> None:
    mei, bo = employed(any_crm, "Mei"), employed(any_crm, "Bo")
    any_crm.staff.set_active(bo.id, False, actor=SYSTEM)
    assert any_crm.notes.add(begun(any_crm, "hello"), "@Bo?", actor=as_actor(mei)).mentions == ()


def test_a_note_can_be_written_after_the_end_and_by_staff_only(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm)
    any_crm.conversations.close(talk)
    any_crm.notes.add(talk, "was nothing", actor=as_actor(mei))
    with pytest.raises(NotAllowed):
        any_crm.notes.add(talk, "me too", actor=Actor("visitor", "customer"))
    with pytest.raises(InvalidInput):
        any_crm.notes.add(talk, " \n", actor=as_actor(mei))
    with pytest.raises(ConversationNotFound):
        any_crm.notes.add("018f0000-0000-7000-8000-00000000dead", "?", actor=as_actor(mei))


def test_a_note_is_sealed_with_the_conversations_key_given_out_in_an_export_and_erased_with_it(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "hello")
    any_crm.notes.add(talk, "Anna has moved to Oslo", actor=as_actor(mei))
    customer = any_crm.conversations.get(talk).customer_id
    with any_crm.database.reading() as connection:
        assert b"Oslo" not in connection.scalars(sa.select(notes.c.text_encrypted)).one()
    assert "Oslo" in json.dumps(any_crm.privacy.export(customer, actor=SYSTEM)["notes"])
    any_crm.privacy.erase(customer, actor=SYSTEM)
    assert [note.text for note in any_crm.notes.of_conversation(talk)] == [""]


def test_a_note_is_never_rewritten(any_crm: Crm) -> None:
    mei, bo = employed(any_crm, "Mei"), employed(any_crm, "Bo")
    any_crm.notes.add(begun(any_crm, "hello"), "@Bo", actor=as_actor(mei))
    with (
        pytest.raises((sa.exc.IntegrityError, StorageUnavailable), match="append-only"),
        any_crm.database.writing() as connection,
    ):
        connection.execute(notes.update().values(after_seq=0))
    with any_crm.database.reading() as connection:
        assert connection.scalars(sa.select(note_mentions.c.agent_id)).one() == bo.id
