"""Read receipts, the expected wait, and the way out of the queue."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import Conflict, InvalidInput
from crm_core.records.conversations import Owner
from crm_core.storage.tables import conversations, tickets
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import begun, employed, said


def contacts(crm: Crm, conversation_id: str) -> list[str]:
    """The contacts of a conversation's tickets."""
    with crm.database.reading() as connection:
        query = sa.select(tickets.c.contact_encrypted, conversations.c.key_id).join(conversations)
        found = connection.execute(query.where(conversations.c.id == conversation_id)).all()
        return [crm._context.keys.open(connection, key_id, sealed) for sealed, key_id in found]


def test_a_read_mark_moves_forward_only_and_never_past_the_end(any_crm: Crm) -> None:
    talk = begun(any_crm, "one", "two")
    moved = [any_crm.conversations.seen_by_customer(talk, seq) for seq in (1, 2, 1, 9)]
    assert moved == [True, True, False, False]
    now = any_crm.conversations.get(talk)
    assert (now.seen_by_customer_seq, now.delivered_seq, now.seen_by_agent_seq) == (2, 2, 0)


def test_only_the_person_who_has_the_conversation_has_seen_it(any_crm: Crm) -> None:
    mei, tom = employed(any_crm, "Mei"), employed(any_crm, "Tom")
    talk = begun(any_crm, "hello")
    assert not any_crm.conversations.seen_by_agent(talk, mei.id, 1)
    any_crm.conversations.take(talk, mei.id)
    assert not any_crm.conversations.seen_by_agent(talk, tom.id, 1)
    assert any_crm.conversations.seen_by_agent(talk, mei.id, 1)
    assert any_crm.conversations.get(talk).seen_by_agent_seq == 1


def test_the_wait_is_estimated_from_those_before(crm: Crm, clock: FakeClock) -> None:
    mei = employed(crm, "Mei")
    assert crm.conversations.expected_wait(1) is None
    for number in range(3):
        talk = crm.conversations.open("web", f"visitor-{number}").id
        crm.conversations.request_handoff(talk, "request", requested_by="customer")
        clock.advance(minutes=4)
        crm.conversations.take(talk, mei.id)
    expected = crm.conversations.expected_wait(2)
    assert expected is not None
    assert expected.total_seconds() == 480


def test_who_leaves_a_contact_leaves_the_queue_and_a_ticket(any_crm: Crm) -> None:
    talk = begun(any_crm, "a person")
    any_crm.conversations.request_handoff(talk, "request", requested_by="customer")
    left = any_crm.conversations.leave_contact(talk, " Ada@Example.com ")
    assert left.owner is Owner.BOT
    assert any_crm.conversations.queue() == []
    assert said(any_crm, talk)[-1] == ("system", "contact_left")
    assert contacts(any_crm, talk) == ["ada@example.com"]


def test_a_second_contact_takes_the_place_of_the_first(crm: Crm) -> None:
    talk = begun(crm, "a person")
    for address in ("one@example.com", "two@example.com"):
        crm.conversations.request_handoff(talk, "request", requested_by="customer")
        crm.conversations.leave_contact(talk, address)
    assert contacts(crm, talk) == ["two@example.com"]


def test_a_contact_is_left_only_by_who_waits_and_only_a_real_one(crm: Crm) -> None:
    talk = begun(crm, "hello")
    with pytest.raises(Conflict):
        crm.conversations.leave_contact(talk, "ada@example.com")
    crm.conversations.request_handoff(talk, "request", requested_by="customer")
    with pytest.raises(InvalidInput):
        crm.conversations.leave_contact(talk, "ada at example")
    assert crm.conversations.get(talk).owner is Owner.QUEUE
