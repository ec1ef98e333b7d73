"""The customer and a person: waiting, being seen, typing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from bot.gateway.push import conversation_topic
from bot.gateway.wire import receipt_event, typing_event
from crm_core.use_cases import conversation_queue
from tests.bot.widget.conftest import Chat, Site

pytestmark = pytest.mark.browser


def with_a_person(chat: Chat, site: Site) -> tuple[str, str]:
    """Have somebody take the conversation; gives its id and theirs."""
    chat.open()
    chat.say("hello").said("You said: hello")
    agent, _ = site.crm.staff.create("ada@example.com", "Ada", "agent")
    talk = site.crm.conversations.recent()[0].id
    site.crm.conversations.take(talk, agent.id)
    site.changed(talk)
    expect(chat.panel.locator("h2")).to_have_text("Ada")
    return talk, agent.id


def test_the_expected_wait_is_shown_and_an_address_may_be_left_instead(
    page: Page, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_queue, "expected_wait", lambda position, _past: timedelta(minutes=4 * position))
    chat = Chat(page).open()
    chat.say("person").said("Asking.")
    expect(chat.host.locator(".queue strong")).to_have_text("You are number 1 in line · about 4 minutes to wait")
    chat.host.get_by_role("button", name="Answer me by e-mail").click()
    box = chat.host.get_by_label("Your e-mail address")
    expect(box).to_be_focused()
    box.fill("ada at example")
    box.press("Enter")
    expect(chat.host.get_by_role("alert")).to_contain_text("does not look like an e-mail address")
    box.fill("ada@example.com")
    box.press("Enter")
    expect(chat.host.locator(".queue")).to_be_hidden()
    expect(chat.log).to_contain_text("We will write to you.")
    assert site.crm.conversations.queue() == []


def test_seen_stands_below_what_the_agent_has_seen(page: Page, site: Site) -> None:
    chat = Chat(page)
    talk, agent_id = with_a_person(chat, site)
    chat.say("are you there?").said("are you there?")
    expect(chat.log.locator(".seen")).to_have_count(0)
    seq = site.crm.conversations.get(talk).last_seq
    site.crm.conversations.seen_by_agent(talk, agent_id, seq)
    site.app.state.services.hub.publish(conversation_topic(talk), receipt_event("agent", seq))
    expect(chat.log.locator(".mine .seen")).to_have_text("Seen")
    page.reload()
    expect(chat.log.locator(".mine", has_text="are you there?").locator(".seen")).to_be_visible()


def test_what_the_customer_sees_is_noted_only_while_they_look(page: Page, site: Site) -> None:
    chat = Chat(page)
    talk, agent_id = with_a_person(chat, site)
    page.keyboard.press("Escape")
    seq = site.crm.conversations.say(talk, agent_id, "Hello!").seq
    site.changed(talk)
    expect(chat.host.locator(".badge")).to_have_text("1")
    assert site.crm.conversations.get(talk).seen_by_customer_seq < seq
    chat.open()
    for _ in range(40):
        if site.crm.conversations.get(talk).seen_by_customer_seq == seq:
            return
        page.wait_for_timeout(100)
    pytest.fail("what the customer saw was not noted")


def test_an_agents_typing_ends_by_itself_when_nothing_more_is_heard(page: Page, site: Site) -> None:
    chat = Chat(page)
    page.clock.install()
    talk, _ = with_a_person(chat, site)
    hub = site.app.state.services.hub
    hub.publish(conversation_topic(talk), typing_event("agent"))
    expect(chat.host.locator(".typing")).to_be_visible()
    page.clock.fast_forward(7000)
    expect(chat.host.locator(".typing")).to_be_hidden()


def test_typing_ends_with_the_line_and_with_who_typed(page: Page, site: Site) -> None:
    chat = Chat(page)
    talk, agent_id = with_a_person(chat, site)
    hub = site.app.state.services.hub
    hub.publish(conversation_topic(talk), typing_event("agent"))
    expect(chat.host.locator(".typing")).to_be_visible()
    site.crm.conversations.hand_back(talk, agent_id)
    site.changed(talk)
    expect(chat.host.locator(".typing")).to_be_hidden()
    hub.publish(conversation_topic(talk), typing_event("bot"))
    expect(chat.host.locator(".typing")).to_be_visible()
    site.stop()
    expect(chat.host.locator(".typing")).to_be_hidden()
    site.start()
