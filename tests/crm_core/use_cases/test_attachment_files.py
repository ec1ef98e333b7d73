"""Files of conversations: sealed on disk, given to those whom they concern, gone with the customer."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.errors import AttachmentNotFound, ConversationNotFound, NotAllowed
from crm_core.records.people import Actor, Role
from tests.crm_core.use_cases.talking import begun

PDF = b"%PDF-1.7 the customer's invoice"


def test_a_file_is_given_as_it_came_and_lies_sealed_on_disk(any_crm: Crm) -> None:
    kept = any_crm.attachments.keep(begun(any_crm, "hello"), "a/发票.pdf", PDF)
    found, content = any_crm.attachments.open(kept.id, channel="web", external_id="visitor-1")
    assert (found, content) == (kept, PDF)
    assert kept.described == {"id": kept.id, "name": "发票.pdf", "type": "application/pdf", "size": len(PDF)}
    (file,) = (any_crm.settings.home / "attachments").iterdir()
    assert b"invoice" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_only_the_visitor_who_sent_it_and_staff_get_it(crm: Crm) -> None:
    kept = crm.attachments.keep(begun(crm, "hello"), "a.pdf", PDF)
    assert crm.attachments.get(kept.id) == kept
    for channel, visitor in (("web", "visitor-2"), ("rest", "visitor-1")):
        with pytest.raises(AttachmentNotFound):
            crm.attachments.open(kept.id, channel=channel, external_id=visitor)


@pytest.mark.parametrize("attachment_id", ["../rapport.db", "", "0192f0c1-2345-7abc-8def-0123456789ab"])
def test_what_is_not_there_is_not_found(crm: Crm, attachment_id: str) -> None:
    with pytest.raises(AttachmentNotFound):
        crm.attachments.open(attachment_id)


def test_a_file_belongs_to_a_conversation(crm: Crm) -> None:
    with pytest.raises(ConversationNotFound):
        crm.attachments.keep("0192f0c1-2345-7abc-8def-0123456789ab", "a.pdf", PDF)


def test_an_erased_customers_file_cannot_be_opened_any_more(crm: Crm) -> None:
    conversation_id = begun(crm, "hello")
    kept = crm.attachments.keep(conversation_id, "a.pdf", PDF)
    crm.privacy.erase(crm.conversations.get(conversation_id).customer_id, actor=Actor("staff-1", Role.ADMIN))
    with pytest.raises(AttachmentNotFound):
        crm.attachments.open(kept.id)


def test_that_staff_opened_a_file_is_in_the_access_log(any_crm: Crm) -> None:
    talk = begun(any_crm, "hello")
    kept = any_crm.attachments.keep(talk, "a.pdf", PDF)
    assert any_crm.attachments.open_as(kept.id, actor=Actor("ada", Role.AGENT))[1] == PDF
    customer = any_crm.conversations.get(talk).customer_id
    (entry,) = any_crm.staff.accesses(customer, actor=Actor("m", Role.MANAGER))
    assert (entry.actor, entry.action, entry.fields) == ("ada", "attachment_opened", (kept.id,))
    with pytest.raises(NotAllowed):
        any_crm.attachments.open_as(kept.id, actor=Actor(customer, "customer"))


def test_that_staff_read_a_conversation_is_in_the_access_log(any_crm: Crm) -> None:
    talk = begun(any_crm, "hello")
    any_crm.activity.opened(talk, actor=Actor("ada", Role.AGENT))
    customer = any_crm.conversations.get(talk).customer_id
    (entry,) = any_crm.staff.accesses(customer, actor=Actor("m", Role.MANAGER))
    assert (entry.actor, entry.action, entry.fields) == ("ada", "conversation_opened", (talk, "messages", "notes"))


def test_the_agent_who_has_a_conversation_sends_a_file_that_the_customer_gets(any_crm: Crm) -> None:
    talk, other = begun(any_crm, "hello"), begun(any_crm, "hello", visitor="visitor-2")
    agent = any_crm.staff.create("ada@example.com", "Ada", "agent", "a long password")[0]
    ada = Actor(agent.id, agent.role)
    with pytest.raises(NotAllowed):
        any_crm.attachments.keep_as(talk, "manual.pdf", PDF, actor=ada)
    any_crm.conversations.take(talk, agent.id)
    kept = any_crm.attachments.keep_as(talk, "manual.pdf", PDF, actor=ada)
    said = any_crm.conversations.say(talk, agent.id, "", attachment_id=kept.id)
    assert said.body == {"text": "", "attachment": kept.described}
    assert any_crm.attachments.open(kept.id, channel="web", external_id="visitor-1")[1] == PDF
    any_crm.conversations.take(other, agent.id)
    with pytest.raises(AttachmentNotFound):  # another conversation's file is not sent by its id
        any_crm.conversations.say(other, agent.id, "", attachment_id=kept.id)
