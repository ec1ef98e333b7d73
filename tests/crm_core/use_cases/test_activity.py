"""The timeline of a conversation: who did what when."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import NotAllowed, StorageUnavailable
from crm_core.records.people import Actor
from crm_core.storage.tables import activity
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import begun, employed


def test_the_timeline_tells_who_did_what_the_newest_first(any_crm: Crm, clock: FakeClock) -> None:
    mei = employed(any_crm, "Mei")
    actor = Actor(mei.id, mei.role)
    talk = begun(any_crm, "I want a person")
    steps = [
        lambda: any_crm.conversations.request_handoff(talk, "request", requested_by="customer"),
        lambda: any_crm.conversations.take(talk, mei.id),
        lambda: any_crm.notes.add(talk, "looks fine", actor=actor),
        lambda: any_crm.activity.note(talk, "suggestion_used", actor=actor, kind="article"),
        lambda: any_crm.conversations.release(talk, mei.id),
        lambda: any_crm.conversations.take(talk, mei.id),
        lambda: any_crm.conversations.hand_back(talk, mei.id),
        lambda: any_crm.conversations.request_handoff(talk, "request", requested_by="bot"),
        lambda: any_crm.conversations.cancel_handoff(talk),
        lambda: any_crm.conversations.close(talk),
    ]
    for step in steps:
        clock.advance(seconds=5)
        step()
    told = any_crm.activity.of_conversation(talk)
    assert [(deed.what, deed.actor) for deed in reversed(told)] == [
        ("handoff_requested", "customer"),
        ("agent_joined", mei.id),
        ("note_added", mei.id),
        ("suggestion_used", mei.id),
        ("agent_left", mei.id),
        ("agent_joined", mei.id),
        ("handed_back", mei.id),
        ("handoff_requested", "bot"),
        ("handoff_cancelled", "customer"),
        ("closed", "system"),
    ]
    assert told[-1].detail == {"reason": "request"}
    assert told[6].detail == {"kind": "article"}
    assert [deed.at for deed in told] == sorted((deed.at for deed in told), reverse=True)


def test_nobody_but_staff_writes_into_it_and_nothing_in_it_changes(any_crm: Crm) -> None:
    mei = employed(any_crm, "Mei")
    talk = begun(any_crm, "hello")
    with pytest.raises(NotAllowed):
        any_crm.activity.note(talk, "unmasked", actor=Actor("visitor", "customer"))
    any_crm.activity.note(talk, "unmasked", actor=Actor(mei.id, mei.role))
    with (
        pytest.raises((sa.exc.IntegrityError, StorageUnavailable), match="append-only"),
        any_crm.database.writing() as connection,
    ):
        connection.execute(activity.update().values(deed="nothing"))


def test_the_timeline_says_who_assigned_who_gave_back_and_who_closed(any_crm: Crm) -> None:
    talk = begun(any_crm, "hello")
    ada = any_crm.staff.create("ada@example.com", "Ada", "agent", "a long password")[0]
    boss = any_crm.staff.create("boss@example.com", "Boss", "supervisor", "a long password")[0]
    any_crm.conversations.assign(talk, ada.id, actor=Actor(boss.id, boss.role))
    any_crm.conversations.release(talk, ada.id)
    any_crm.conversations.take(talk, ada.id)
    any_crm.conversations.hand_back(talk, ada.id)
    done = {deed.what: (deed.actor, deed.detail.get("label")) for deed in any_crm.activity.of_conversation(talk)}
    assert done["assigned"] == (boss.id, "Ada")
    assert done["agent_left"][0] == done["handed_back"][0] == ada.id
    assert [line.agent_id for line in any_crm.conversations.messages(talk)][-1] == ada.id
