"""The main job, end to end, in a real browser: a customer, an agent and a manager, in English and in Chinese."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from benchmarks.product import Product
from crm_core.crm import Crm
from crm_core.records.conversations import Author, Owner
from tests.browser import look

pytestmark = [pytest.mark.system, pytest.mark.browser]
WAIT_MS = 20_000


@dataclass(frozen=True)
class Lines:
    """What is said and seen in one language."""

    language: str
    customer: str
    ask_order: str
    found: str
    complain: str
    offered: str
    person: str
    agent_says: str
    customer_says: str
    handed_back: str
    recommend: str
    rate: str
    five: str
    thanks: str
    take: str
    hand_back: str
    launcher: str


ENGLISH = Lines(
    language="en",
    customer="C10001",
    ask_order="where is my order {number}?",
    found="on its way",
    complain="this is a terrible service, my parcel was damaged and nobody answers my emails!",
    offered="colleague",
    person="i want to talk to a person",
    agent_says="Hello, this is Ada. I have sent you a replacement.",
    customer_says="thank you, that is kind",
    handed_back="talking to the assistant again",
    recommend="can you recommend something?",
    rate="i'd like to rate this chat",
    five="5 ⭐",
    thanks="good to hear",
    take="Take",
    hand_back="Hand back",
    launcher="Open chat",
)
CHINESE = Lines(
    language="zh",
    customer="C10002",
    ask_order="我的订单 {number} 到哪了",
    found="路上",
    complain="你们的服务太差了，包裹都摔坏了，邮件也没人回！",
    offered="同事",
    person="转人工",
    agent_says="您好，我是小艾，已经为您补发了一件。",
    customer_says="好的，谢谢你",
    handed_back="智能助手继续",
    recommend="有什么推荐的吗",
    rate="我想给这次服务打分",
    five="5 ⭐",
    thanks="谢谢您的 5",
    take="接",
    hand_back="交还",
    launcher="打开聊天",
)


class Chat:
    """The widget as a customer uses it."""

    def __init__(self, page: Page, product: Product, lines: Lines) -> None:
        self.page = page
        self.log: Locator = page.locator("rapport-chat").get_by_role("log")
        page.goto(f"{product.address}/?language={lines.language}")
        page.locator("header details.account summary").click()
        page.locator(f"button[name=number][value={lines.customer}]").click()
        page.wait_for_load_state()
        page.locator("rapport-chat").get_by_role("button", name=lines.launcher).click()

    def say(self, text: str) -> None:
        """Type a message and press Enter."""
        box = self.page.locator("rapport-chat textarea")
        box.fill(text)
        box.press("Enter")
        expect(self.log).to_contain_text(text, timeout=WAIT_MS)

    def hears(self, text: str) -> None:
        """Wait until the conversation shows a text."""
        expect(self.page.locator("rapport-chat")).to_contain_text(
            re.compile(re.escape(text), re.IGNORECASE), timeout=WAIT_MS
        )


def sign_in(page: Page, product: Product, path: str, language: str) -> None:
    """Sign in as the first administrator and go to a page."""
    email, password = product.administrator
    page.goto(f"{product.address}/sign-in?to={path}&language={language}")
    page.fill("#email", email)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"**{path}*", timeout=WAIT_MS)
    if page.locator("html").get_attribute("lang") != language:  # the page's language is the person's own setting
        page.get_by_role("button", name={"en": "English", "zh": "中文"}[language], exact=True).click()
        expect(page.locator("html")).to_have_attribute("lang", language, timeout=WAIT_MS)


def order_on_its_way(database: Crm, customer_number: str) -> str:
    """Give the number of a customer's order that has been shipped."""
    customer_id = database.customers.by_number(customer_number)
    assert customer_id is not None
    return next(order.number for order in database.orders.of_customer(customer_id) if order.status == "shipped")


@pytest.mark.parametrize("lines", [ENGLISH, CHINESE], ids=["english", "chinese"])
def test_a_customer_is_served_handed_over_and_back_and_a_manager_sees_it(
    lines: Lines, product: Product, chrome: Browser, database: Crm
) -> None:
    number = order_on_its_way(database, lines.customer)
    customer_page = chrome.new_context(viewport={"width": 1366, "height": 768}).new_page()
    agent_page = chrome.new_context(viewport={"width": 1366, "height": 768}).new_page()
    before = database.conversations.recent(1000)

    # A customer who is signed in to the shop asks for an order and complains.
    chat = Chat(customer_page, product, lines)
    chat.say(lines.ask_order.format(number=number))
    chat.hears(lines.found)
    chat.say(lines.complain)
    chat.hears(lines.offered)
    look(customer_page, f"story-{lines.language}-1-complaint")

    # A person is asked for; the agent takes over, answers, and the bot keeps silent.
    chat.say(lines.person)
    expect(customer_page.locator("rapport-chat .queue")).to_be_visible(timeout=WAIT_MS)
    (conversation,) = [one for one in database.conversations.recent(1000) if one.id not in {old.id for old in before}]
    assert database.conversations.get(conversation.id).owner is Owner.QUEUE
    sign_in(agent_page, product, "/desk", lines.language)
    agent_page.locator(".item").first.click(timeout=WAIT_MS)
    agent_page.get_by_role("button", name=re.compile(f"^{lines.take}")).click(timeout=WAIT_MS)
    box = agent_page.locator("textarea.compose-box")
    expect(box).to_be_enabled(timeout=WAIT_MS)
    box.fill(lines.agent_says)
    box.press("Enter")
    chat.hears(lines.agent_says)
    chat.say(lines.customer_says)
    expect(agent_page.get_by_role("log")).to_contain_text(lines.customer_says, timeout=WAIT_MS)
    expect(agent_page.locator("body")).to_contain_text(number, timeout=WAIT_MS)  # the order, beside the conversation
    look(agent_page, f"story-{lines.language}-2-desk")
    look(customer_page, f"story-{lines.language}-3-agent")
    said = database.conversations.messages(conversation.id)
    taken = next(place for place, line in enumerate(said) if line.author is Author.AGENT)
    assert [line.author for line in said[taken:] if line.author is Author.BOT] == []

    # Handed back, the assistant recommends and is rated.
    agent_page.get_by_role("button", name=re.compile(lines.hand_back)).click()
    chat.hears(lines.handed_back)
    cards = customer_page.locator("rapport-chat .card")
    offered_before = cards.count()
    chat.say(lines.recommend)
    expect(cards.nth(offered_before)).to_be_visible(timeout=WAIT_MS)
    customer_page.wait_for_timeout(600)  # the new lines have faded in
    look(customer_page, f"story-{lines.language}-4-recommended")
    chat.say(lines.rate)
    customer_page.locator("rapport-chat").get_by_role("button", name=lines.five).last.click(timeout=WAIT_MS)
    chat.hears(lines.thanks)
    look(customer_page, f"story-{lines.language}-5-rated")

    # The log has no gap; every message of the customer was handled once.
    said = database.conversations.messages(conversation.id)
    assert [line.seq for line in said] == list(range(1, len(said) + 1))

    # The manager sees it all: what was just played, in figures that add up.
    today = database.reports.today()
    overview = database.reports.overview(database.reports.period(today, today))
    assert overview.handed_off >= 1
    assert sum(overview.endings.values()) == overview.total
    assert database.reports.offers(database.reports.period(today, today)).served >= 1
    agent_page.goto(f"{product.address}/insights")
    expect(agent_page.locator("[data-figure=handed_off]")).to_contain_text(
        f"{100 * overview.handoff_rate:.1f}%", timeout=WAIT_MS
    )
    expect(agent_page.locator("[data-figure=rating]")).to_contain_text("5", timeout=WAIT_MS)
    agent_page.wait_for_timeout(2_000)  # the charts draw themselves
    look(agent_page, f"story-{lines.language}-6-insights", whole=True)
    customer_page.context.close()
    agent_page.context.close()
