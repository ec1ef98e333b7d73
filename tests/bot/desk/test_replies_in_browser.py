"""Ready-made replies in a real browser: written by a supervisor, chosen by a slash, filled in, sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from crm_core.records.people import SYSTEM, Role

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """The shop without open conversations and without replies."""
    yield open_shop
    open_shop.everybody_leaves()
    for reply in open_shop.crm.canned_replies.all():
        open_shop.crm.canned_replies.delete(reply.shortcut, actor=SYSTEM)


def ready(shop: Any, **texts: str) -> None:
    for shortcut, text in texts.items():
        shop.crm.canned_replies.save(shortcut, {"en": text, "zh": f"中文：{text}"}, actor=SYSTEM, known=None)


def my_talk(shop: Any, agent: Any, text: str, **how: Any) -> Any:
    conversation = shop.talk(text, **how)
    shop.crm.conversations.take(conversation.id, agent.id)
    return conversation


def box_of(page: Page) -> Locator:
    """Open the agent's only conversation and give the box for its customer."""
    page.get_by_role("region", name="My conversations").get_by_role("button").click()
    box = page.get_by_role("textbox", name="Message to the customer")
    expect(box).to_be_enabled()
    return box


def test_a_slash_narrows_the_list_and_enter_puts_the_filled_text_into_the_box(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    ready(shop, hello="Hello {customer_name}, this is {agent_name}.", moment="One moment.", thanks="Hello and thanks")
    talk = my_talk(shop, ada, "anybody?")
    page = enter(ada)
    box = box_of(page)
    box.press_sequentially("/hel")
    expect(page.locator("#picking").get_by_role("option")).to_have_count(2)
    expect(page.locator("#picking").get_by_role("option").first).to_contain_text("/hello")
    expect(page.locator("#picking").get_by_role("option").first).to_have_attribute("aria-selected", "true")
    box.press("Escape")
    expect(page.locator("#picking").get_by_role("option")).to_have_count(0)
    box.press_sequentially("l")
    box.press("Enter")
    expect(box).to_have_value("Hello there, this is Ada.")
    assert len(shop.crm.conversations.messages(talk.id)) == 4, "choosing sends nothing"
    box.press("Enter")
    expect(page.get_by_role("article", name="Ada")).to_contain_text("Hello there, this is Ada.")


def test_the_button_opens_the_list_in_the_middle_of_a_text_in_the_customers_language(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    ready(shop, hello="Hello", moment="One moment.")
    my_talk(shop, ada, "你好", language="zh")
    page = enter(ada)
    box = box_of(page)
    box.fill("Dear")
    page.get_by_role("button", name="Ready replies").click()
    expect(page.locator("#picking").get_by_role("option")).to_have_count(2)
    page.locator("#picking").get_by_role("option").nth(1).click()
    expect(box).to_have_value("Dear 中文：One moment.")


def test_an_address_or_a_date_opens_no_list_and_an_empty_place_is_not_sent(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    ready(shop, order="Order {order_number} is on its way.")
    talk = my_talk(shop, ada, "where?")
    page = enter(ada)
    box = box_of(page)
    box.press_sequentially("1/o")
    expect(page.locator("#picking").get_by_role("option")).to_have_count(0)
    box.fill("")
    box.press_sequentially("/order")
    box.press("Tab")
    expect(box).to_have_value("Order RP-100234 is on its way.")
    box.fill("Order {order_number} is on its way.")
    box.press("Enter")
    expect(page.get_by_text("Still to be filled in: order_number")).to_be_visible()
    expect(box).to_have_value("Order {order_number} is on its way.")
    assert len(shop.crm.conversations.messages(talk.id)) == 4


def test_supervisors_write_change_and_delete_replies(shop: Any, enter: Enter) -> None:
    sam = shop.hire("Sam", Role.SUPERVISOR)
    page = enter(sam, "/desk/replies")
    page.get_by_role("button", name="New reply").click()
    page.get_by_label("Shortcut").fill("late")
    page.get_by_label("English").fill("It is late, {nobody}")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").filter(has_text="there is no place {nobody}")).to_be_visible()
    page.get_by_label("English").fill("It is late, ")
    page.get_by_role("button", name="{customer_name}").click()
    page.get_by_label("Chinese").fill("要晚到了")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem")).to_contain_text("It is late, {customer_name}")
    page.get_by_role("button", name="Change /late").click()
    expect(page.get_by_label("Shortcut")).to_be_disabled()
    expect(page.get_by_label("Chinese")).to_have_value("要晚到了")
    page.get_by_label("English").fill("It will be late.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("listitem")).to_contain_text("It will be late.")
    assert [reply.texts["en"] for reply in shop.crm.canned_replies.all()] == ["It will be late."]
    page.get_by_role("button", name="Delete /late").click()
    expect(page.get_by_text("There are none yet.")).to_be_visible()


def test_agents_have_no_way_to_that_page(shop: Any, enter: Enter) -> None:
    page = enter(shop.hire("Ada"), "/desk/replies")
    expect(page.get_by_text("This page is not for your role")).to_be_visible()
    expect(page.get_by_role("link", name="Ready replies")).to_have_count(0)
