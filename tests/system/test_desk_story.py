"""A day at the desk: two customers, three agents, and the return form that goes on where it was interrupted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.product import Product
from crm_core.crm import Crm
from crm_core.records.conversations import Author
from crm_core.records.people import SYSTEM, Agent
from tests.browser import look
from tests.system.test_story import ENGLISH, WAIT_MS, Chat

pytestmark = [pytest.mark.system, pytest.mark.browser]
PASSWORD = "a long password"
SECOND = replace(ENGLISH, customer="C10002")


class AgentsDesk:
    """The desk as an agent uses it."""

    def __init__(self, chrome: Browser, product: Product, agent: Agent) -> None:
        self.page: Page = chrome.new_context(viewport={"width": 1366, "height": 768}).new_page()
        self.page.goto(f"{product.address}/sign-in?to=/desk&language=en")
        self.page.fill("#email", agent.email)
        self.page.fill("#password", PASSWORD)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/desk*", timeout=WAIT_MS)
        expect(self.page.locator(".presence-open")).to_contain_text("Away", timeout=WAIT_MS)

    def becomes_available(self) -> None:
        """Let conversations come."""
        self.page.locator(".presence-open").click()
        self.page.get_by_role("button", name="Let conversations come to me").click()
        expect(self.page.locator(".presence-open")).to_have_text("Available", timeout=WAIT_MS)
        self.page.locator(".presence-open").click()

    def opens(self, region: str, words: str) -> None:
        """Open a conversation of a list."""
        self.page.get_by_role("region", name=region).locator(".item").first.click(timeout=WAIT_MS)
        expect(self.page.get_by_role("log")).to_contain_text(words, timeout=WAIT_MS)

    def says(self, words: str) -> None:
        """Write to the customer."""
        box = self.page.locator("textarea.compose-box")
        expect(box).to_be_enabled(timeout=WAIT_MS)
        box.fill(words)
        box.press("Enter")
        expect(self.page.get_by_role("log")).to_contain_text(words, timeout=WAIT_MS)


def hired(database: Crm, name: str, *skills: str) -> Agent:
    """Employ somebody who knows something more of than others."""
    email = f"{name.lower()}.story@example.com"
    agent, _ = database.staff.create(email, name, "agent", PASSWORD)
    database.team.set_work(agent.id, team=None, skills=list(skills), languages=["en", "zh"], capacity=3, actor=SYSTEM)
    return agent


def test_a_day_at_the_desk(product: Product, chrome: Browser, database: Crm) -> None:
    rita, pete, olga = hired(database, "Rita", "returns"), hired(database, "Pete", "payment"), hired(database, "Olga")
    known = {talk.id for talk in database.conversations.recent(1000)}
    first = Chat(chrome.new_context(viewport={"width": 1366, "height": 768}).new_page(), product, ENGLISH)
    second = Chat(chrome.new_context(viewport={"width": 1366, "height": 768}).new_page(), product, SECOND)

    # Nobody is available: the first customer, in the middle of a return, waits in the queue and is told so.
    first.say("i want to return something")
    expect(first.page.locator("rapport-chat .message.bot")).to_have_count(1, timeout=WAIT_MS)
    first.say("i want to talk to a person")
    expect(first.page.locator("rapport-chat .queue")).to_be_visible(timeout=WAIT_MS)
    (entry,) = [each for each in database.conversations.queue() if each.conversation.id not in known]
    returning = entry.conversation.id
    assert entry.skill == "returns"

    # Two people come; each customer gets who knows more of the matter. The third stays offline and gets nothing.
    ritas, petes = AgentsDesk(chrome, product, rita), AgentsDesk(chrome, product, pete)
    ritas.becomes_available()
    ritas.opens("My conversations", "i want to return something")
    petes.becomes_available()
    second.say("my payment did not go through")
    expect(second.page.locator("rapport-chat .message.bot")).to_have_count(1, timeout=WAIT_MS)
    second.say("i want to talk to a person")
    petes.opens("My conversations", "my payment did not go through")
    (paying,) = [talk.id for talk in database.conversations.of_agent(pete.id)]
    assert [talk.id for talk in database.conversations.of_agent(rita.id)] == [returning]
    assert database.conversations.of_agent(olga.id) == []

    # A private note, a suggestion or none, an answer; the customer sees the answer and never the note.
    ritas.page.get_by_role("tab", name="Private note").click()
    note = ritas.page.get_by_role("textbox", name=re.compile("note", re.IGNORECASE))
    note.fill("She has been waiting for long, be kind.")
    note.press("Enter")
    expect(ritas.page.get_by_role("log")).to_contain_text("be kind", timeout=WAIT_MS)
    ritas.page.get_by_role("tab", name="Reply").click()
    ritas.says("Hello, this is Rita. The return is free.")
    first.hears("The return is free.")
    expect(first.page.locator("rapport-chat")).not_to_contain_text("be kind")

    # Pete asks Rita to take over; she accepts, and he can write no more.
    petes.says("Hello, this is Pete. I ask my colleague.")
    petes.page.get_by_role("button", name="Transfer").click()
    petes.page.get_by_role("dialog").get_by_role("listitem").filter(has_text="Rita").get_by_role(
        "button", name="Ask"
    ).click()
    ritas.opens("Offered to you", "my payment did not go through")
    ritas.page.get_by_role("button", name="Accept").click()
    ritas.says("Rita here, I have looked into your payment.")
    second.hears("I have looked into your payment.")
    second.say("thank you rita")
    expect(petes.page.locator("textarea.compose-box")).to_be_disabled(timeout=WAIT_MS)
    look(ritas.page, "desk-story-1-transferred")

    # Handed back in the middle of the return: the assistant asks its question again, and the return goes on.
    ritas.page.goto(f"{product.address}/desk?c={returning}")
    expect(ritas.page.get_by_role("log")).to_contain_text("The return is free.", timeout=WAIT_MS)
    said_before = database.conversations.get(returning).last_seq
    ritas.page.get_by_role("button", name=re.compile("Hand back")).click()
    first.hears("talking to the assistant again")
    lines = database.conversations.messages(returning, after_seq=said_before)
    assert [line.author for line in lines] == [Author.SYSTEM, Author.BOT]
    question = lines[-1].body
    button = question["buttons"][0]["title"]
    first.page.locator("rapport-chat").locator(".choice", has_text=button).first.click(timeout=WAIT_MS)
    expect(first.page.locator("rapport-chat .typing")).to_be_hidden(timeout=WAIT_MS)
    first.page.wait_for_timeout(1500)
    turn, answered = database.conversations.turns(returning)[-1], database.conversations.messages(returning)[-1]
    number = button.split()[0]
    assert not turn.fallback
    assert turn.trace["active_loop"] == "order_return_form" or number in str(answered.body["text"]), (
        "the return goes on"
    )
    look(first.page, "desk-story-2-return-goes-on")

    # Whatever happened, each log has no gap, and the bot said nothing while a person had the conversation.
    for talk in (returning, paying):
        log = database.conversations.messages(talk)
        assert [line.seq for line in log] == list(range(1, len(log) + 1))
        owned = False
        for line in log:
            event = line.body.get("event")
            owned = event in ("agent_joined", "agent_changed") or (owned and event not in ("handed_back", "agent_left"))
            assert not (owned and line.author is Author.BOT)
    for page in (first.page, second.page, ritas.page, petes.page):
        page.context.close()
