"""The desk in a real browser: a person takes over, both sides talk live, and hands back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from crm_core.clock import new_id
from crm_core.records.conversations import Owner
from crm_core.records.people import SYSTEM, Role
from crm_core.storage.tables import products

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """The shop without open conversations."""
    yield open_shop
    open_shop.everybody_leaves()


def add_product(shop: Any) -> None:
    """Put one product on sale."""
    values = {"title_en": "Teapot", "title_zh": "茶壶", "category": "kitchen", "attributes": {}, "price_minor": 2590}
    moment = shop.crm._context.clock()
    with shop.crm.database.writing() as connection:
        connection.execute(
            products.insert().values(
                id=new_id(), sku="POT-1", currency="USD", stock=9, active=True, updated_at=moment, **values
            )
        )


def test_a_person_takes_over_talks_live_and_hands_back(shop: Any, staff_pages: str, enter: Enter) -> None:
    ada = shop.hire("Ada")
    conversation = shop.talk("where is my parcel", name="Mei Lin", email="mei@example.com")
    page = enter(ada)
    waiting = page.get_by_role("region", name="Waiting for a person")
    expect(waiting.get_by_role("button")).to_contain_text("M*** L***")
    waiting.get_by_role("button").click()
    expect(page.get_by_role("log")).to_contain_text("Bot on: where is my parcel")
    box = page.get_by_role("textbox", name="Message to the customer")
    expect(box).to_be_disabled()

    page.get_by_role("button", name="Take", exact=True).click()
    expect(box).to_be_enabled()
    expect(page.get_by_role("region", name="My conversations").get_by_role("button")).to_have_count(1)
    box.fill("Hello, this is Ada.")
    box.press("Shift+Enter")
    box.press_sequentially("I will look.")
    box.press("Enter")
    expect(page.get_by_role("article", name="Ada")).to_contain_text("Hello, this is Ada.\nI will look.")
    expect(box).to_have_value("")

    httpx.post(f"{staff_pages}/customer/{conversation.id}/types")
    expect(page.get_by_text("The customer is typing …")).to_be_visible()
    httpx.post(f"{staff_pages}/customer/{conversation.id}/says", json={"text": "<b>thank you</b> 谢谢"})
    expect(page.get_by_role("article", name="Customer").last).to_contain_text("<b>thank you</b> 谢谢")
    expect(page.get_by_text("The customer is typing …")).to_be_hidden()

    page.get_by_role("button", name="Hand back to the assistant").click()
    expect(box).to_be_disabled()
    assert shop.crm.conversations.get(conversation.id).owner is Owner.BOT
    said = [message.body.get("text") for message in shop.crm.conversations.messages(conversation.id)]
    assert "Hello, this is Ada.\nI will look." in said


def test_a_new_hand_off_appears_by_itself_and_reaches_the_title(shop: Any, staff_pages: str, enter: Enter) -> None:
    ada = shop.hire("Ada")
    conversation = shop.talk("can somebody help", person=False)
    page = enter(ada)
    expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    httpx.post(f"{staff_pages}/customer/{conversation.id}/asks-for-a-person")
    expect(page.get_by_role("region", name="Waiting for a person").get_by_role("button")).to_have_count(1)
    expect(page).to_have_title("(1) Desk · Rapport")


def test_two_agents_cannot_have_the_same_conversation_and_the_slower_one_is_told(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    bo = shop.hire("Bo")
    conversation = shop.talk("anybody there")
    page = enter(ada)
    page.get_by_role("region", name="Waiting for a person").get_by_role("button").click()
    expect(page.get_by_role("button", name="Take", exact=True)).to_be_visible()
    shop.crm.conversations.take(conversation.id, bo.id)
    page.get_by_role("button", name="Take", exact=True).click()
    expect(page.get_by_text("somebody else has it")).to_be_visible()
    expect(page.get_by_text("Bo answers")).to_be_visible()
    expect(page.get_by_role("textbox", name="Message to the customer")).to_be_disabled()
    assert shop.crm.conversations.get(conversation.id).agent_id == bo.id


def test_words_that_could_not_be_sent_come_back_into_the_box(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    conversation = shop.talk("hello")
    shop.crm.conversations.take(conversation.id, ada.id)
    page = enter(ada)
    page.get_by_role("region", name="My conversations").get_by_role("button").click()
    box = page.get_by_role("textbox", name="Message to the customer")
    expect(box).to_be_enabled()
    box.fill("a long careful answer")
    shop.crm.conversations.hand_back(conversation.id, ada.id)
    box.press("Enter")
    expect(page.get_by_text("You cannot do this here.")).to_be_visible()
    expect(box).to_have_value("a long careful answer")


def test_the_why_tab_tells_in_words_how_the_bot_came_to_its_answer(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    shop.talk("where is my parcel")
    page = enter(ada)
    page.get_by_role("region", name="Waiting for a person").get_by_role("button").click()
    page.get_by_role("tab", name="Why the bot said that").click()
    panel = page.get_by_role("tabpanel", name="Why the bot said that")
    for told in ("Order status", "93%", "Refund status", "Order number: RP-100234", "by a fixed rule", "5 ms"):
        expect(panel).to_contain_text(told)
    expect(panel).not_to_contain_text("{")


def test_only_those_who_may_see_the_unmasking_button_and_the_insights(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    sam = shop.hire("Sam", Role.SUPERVISOR)
    shop.talk("hi", name="Mei Lin", email="mei.lin@example.com")
    refused = enter(ada, "/insights")
    expect(refused.get_by_text("This page is not for your role")).to_be_visible()
    for agent, buttons in ((ada, 0), (sam, 1)):
        page = enter(agent)
        expect(page.get_by_role("link", name="Insights")).to_have_count(0)
        page.get_by_role("region", name="Waiting for a person").get_by_role("button").click()
        expect(page.get_by_text("m***@example.com")).to_be_visible()
        expect(page.get_by_role("button", name="Show full details")).to_have_count(buttons)
    page.get_by_role("button", name="Show full details").click()
    expect(page.get_by_text("mei.lin@example.com")).to_be_visible()


def test_the_desk_speaks_chinese_when_asked_and_stays_so(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    shop.talk("我要退货", language="zh")
    page = enter(ada)
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_role("region", name="等待人工").get_by_role("button")).to_contain_text("我要退货")
    assert shop.crm.staff.get(ada.id).language == "zh"
    page.reload()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "zh"


def test_a_page_left_open_does_not_outlive_the_right_to_see_it(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    conversation = shop.talk("hello")
    page = enter(ada)
    page.get_by_role("region", name="Waiting for a person").get_by_role("button").click()
    expect(page.get_by_role("button", name="Take", exact=True)).to_be_visible()
    shop.crm.staff.set_active(ada.id, False, actor=SYSTEM)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
    assert shop.crm.conversations.get(conversation.id).owner is Owner.QUEUE


@pytest.mark.parametrize("width", [1366, 1024, 768])
def test_nothing_is_cut_off_at_any_usual_width(shop: Any, enter: Enter, width: int) -> None:
    ada = shop.hire("Ada")
    shop.talk("hello")
    page = enter(ada)
    page.set_viewport_size({"width": width, "height": 768})
    page.get_by_role("region", name="Waiting for a person").get_by_role("button").click()
    expect(page.get_by_role("button", name="Take", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("textbox", name="Message to the customer")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_offer_is_sent_as_a_card_and_logged_as_served(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    add_product(shop)
    conversation = shop.talk("你好", language="zh")
    shop.crm.conversations.take(conversation.id, ada.id)
    page = enter(ada)
    page.get_by_role("region", name="My conversations").get_by_role("button").click()
    page.locator(".offer").get_by_role("button", name="Send").click()
    expect(page.get_by_role("article", name="Ada")).to_contain_text("茶壶")
    [served] = shop.crm.recommendations.of_conversation(conversation.id)
    last = shop.crm.conversations.messages(conversation.id)[-1]
    assert [card["served_id"] for card in last.body["cards"]] == [served.id]
    assert last.body["cards"][0]["url"] == "/products/POT-1"
