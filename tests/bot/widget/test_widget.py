"""The chat as a customer uses it, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.gateway.visitors import sign_customer
from crm_core.records.conversations import Owner
from tests.bot.widget.conftest import Chat, Site

pytestmark = pytest.mark.browser


def test_a_customer_asks_and_is_answered(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("hello").said("You said: hello")
    expect(chat.log.locator(".mine .bubble")).to_have_text("hello")


def test_before_the_first_click_only_the_launcher_is_fetched(page: Page) -> None:
    fetched = page.evaluate("performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname)")
    assert {path for path in fetched if path.startswith("/widget/")} == {"/widget/rapport-chat.js", "/widget/store.js"}


def test_buttons_are_offered_with_the_last_answer_and_press_their_payload(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("order").said("Anything else?")
    expect(chat.host.locator(".choice")).to_have_text(["Cancel it", "Keep it"])
    chat.host.get_by_role("button", name="Cancel it").click()
    chat.said("It is cancelled.")
    expect(chat.host.locator(".choice")).to_have_count(0)


def test_html_that_anybody_writes_is_shown_as_text(page: Page) -> None:
    chat = Chat(page).open()
    words = "<img src=x onerror=\"document.title='hacked'\"><b>bold</b>"
    chat.say(words)
    expect(chat.said("You said:")).to_have_text(f"You said: {words}")
    assert chat.log.locator("b, .bubble img").count() == 0
    assert page.title() != "hacked"


def test_product_cards_show_price_stock_and_reason_and_fill_the_basket(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("recommend").said("Perhaps these:")
    card = chat.host.locator(".card").first
    expect(card).to_contain_text("Goes with your teapot")
    expect(card).to_contain_text("$9.90")
    expect(card).to_contain_text("Only a few left")
    with page.expect_request("**/basket?from=chat") as request:
        card.get_by_role("button", name="Add to basket").click()
    assert request.value.post_data == "sku=KI1"
    expect(card.get_by_role("button", name="Added")).to_be_visible()
    expect(card.get_by_role("link", name="View")).to_have_attribute("href", re.compile("/products/KI1$"))


def test_the_talk_is_there_again_after_a_reload_and_opens_by_itself(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("hello").said("You said: hello")
    page.reload()
    chat.said("You said: hello")
    expect(chat.log.locator(".bubble")).to_have_count(2)
    assert page.evaluate("document.activeElement.localName") == "body"


def test_two_tabs_show_the_same_talk(page: Page, site: Site) -> None:
    one = Chat(page).open()
    other_page = page.context.new_page()
    other_page.goto(site.address)
    other = Chat(other_page).open()
    one.say("from one").said("You said: from one")
    other.said("You said: from one")
    other.say("from the other").said("You said: from the other")
    one.said("You said: from the other")
    expect(one.log.locator(".bubble")).to_have_count(4)


def test_what_was_written_while_the_gateway_was_down_is_sent_once_when_it_is_back(page: Page, site: Site) -> None:
    chat = Chat(page).open()
    chat.say("one").said("You said: one")
    site.stop()
    chat.say("two")
    expect(chat.log.locator(".waiting")).to_contain_text("Sending…")
    expect(chat.host.locator(".offline")).to_be_visible()
    site.start()
    chat.said("You said: two")
    expect(chat.log.locator(".waiting")).to_have_count(0)
    assert site.assistant.texts == ["one", "two"]


def test_the_badge_counts_what_came_while_the_chat_was_closed(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("slow")
    expect(chat.log.locator(".mine:not(.waiting)")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(chat.host.locator(".badge")).to_have_text("1")
    expect(chat.launcher).to_have_attribute("aria-label", "Open chat, 1 new")
    chat.open()
    expect(chat.host.locator(".badge")).to_be_empty()


def test_typing_is_shown_while_the_answer_takes_its_time_and_then_no_more(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("slow")
    expect(chat.host.locator(".typing")).to_be_visible()
    expect(chat.host.get_by_role("status").filter(has_text="Assistant is writing")).to_have_count(1)
    chat.said("You said: slow")
    expect(chat.host.locator(".typing")).to_be_hidden()


def test_the_customer_sees_the_place_in_the_line_the_agents_name_and_the_way_back(page: Page, site: Site) -> None:
    chat = Chat(page).open()
    chat.say("person").said("Asking.")
    expect(chat.panel).to_contain_text("You are number 1 in line")
    agent, _ = site.crm.staff.create("ada@example.com", "Ada", "agent")
    conversation = site.crm.conversations.recent()[0]
    site.crm.conversations.take(conversation.id, agent.id)
    site.changed(conversation.id)
    expect(chat.panel.locator("h2")).to_have_text("Ada")
    site.crm.conversations.say(conversation.id, agent.id, "How can I help?")
    site.changed(conversation.id)
    chat.said("How can I help?")
    expect(chat.log).to_contain_text("Ada has joined.")
    assert site.crm.conversations.get(conversation.id).owner is Owner.HUMAN


def test_who_no_longer_wants_to_wait_goes_on_with_the_assistant(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("person").said("Asking.")
    chat.host.get_by_role("button", name="Go on with the assistant instead").click()
    expect(chat.host.locator(".queue")).to_be_hidden()
    chat.say("hello").said("You said: hello")


def test_the_keyboard_is_enough(page: Page) -> None:
    chat = Chat(page)
    chat.launcher.focus()
    page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    page.keyboard.type("first line")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("second line")
    page.keyboard.press("Enter")
    chat.said("You said: first line")
    page.keyboard.press("Escape")
    expect(chat.panel).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_enter_that_ends_a_chinese_word_sends_nothing(page: Page) -> None:
    chat = Chat(page).open()
    chat.box.fill("ni")
    chat.box.evaluate("box => box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true}))")
    page.wait_for_timeout(200)
    expect(chat.box).to_have_value("ni")


def test_a_screen_reader_finds_names_for_everything(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("recommend").said("Perhaps these:")
    expect(chat.panel).to_have_attribute("aria-label", "Customer service")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    nameless = chat.host.evaluate(
        """host => [...host.shadowRoot.querySelectorAll("button, a, textarea, img")]
            .filter(one => !one.getAttribute("aria-label") && !one.textContent.trim() && !one.hasAttribute("alt"))
            .map(one => one.outerHTML)"""
    )
    assert nameless == []


def test_the_page_may_be_chinese(page: Page, site: Site) -> None:
    page.goto(f"{site.address}/?language=zh")
    chat = Chat(page).open()
    expect(chat.box).to_have_attribute("placeholder", "请输入消息…")
    page.locator("rapport-chat").evaluate("chat => chat.setAttribute('language', 'en')")
    expect(chat.box).to_have_attribute("placeholder", "Write a message…")


def test_a_small_screen_is_filled(chrome: Browser, site: Site) -> None:
    context = chrome.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(site.address)
    chat = Chat(page).open()
    chat.panel.evaluate("panel => Promise.all(panel.getAnimations().map(one => one.finished))")
    box = chat.panel.bounding_box()
    assert box is not None
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 390, 844)
    chat.host.get_by_role("button", name="Close chat").last.click()
    expect(chat.panel).to_be_hidden()
    context.close()


def test_who_asks_for_less_motion_gets_none(chrome: Browser, site: Site) -> None:
    context = chrome.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(site.address)
    chat = Chat(page).open()
    assert chat.panel.evaluate("panel => getComputedStyle(panel).animationName") == "none"
    context.close()


def test_the_shop_chooses_the_colours(page: Page) -> None:
    page.locator("rapport-chat").evaluate("chat => chat.style.setProperty('--rapport-accent', 'rgb(10, 20, 200)')")
    chat = Chat(page).open()
    assert chat.host.locator(".send").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(10, 20, 200)"


def test_a_message_that_is_too_long_is_told_and_may_be_mended(page: Page) -> None:
    chat = Chat(page).open()
    chat.say("x" * 5000)
    expect(chat.log.locator(".failed")).to_contain_text("5,000 characters")
    chat.say("short").said("You said: short")


def test_an_expired_session_begins_anew_by_itself(page: Page, site: Site) -> None:
    page.evaluate("address => localStorage.setItem(`rapport:${new URL(address).host}:token`, 'expired')", site.address)
    chat = Chat(page).open()
    chat.say("hello").said("You said: hello")


def test_the_next_person_at_the_browser_finds_an_empty_chat(page: Page, site: Site) -> None:
    site.crm.customers.create(source="shop", customer_number="C1")
    chat = Chat(page)
    chat.host.evaluate(
        "(chat, token) => chat.setAttribute('customer-token', token)", sign_customer(site.settings, "C1")
    )
    chat.open()
    chat.say("where are my orders").said("You said: where are my orders")
    assert site.crm.conversations.recent()[0].verified
    chat.host.evaluate("chat => chat.removeAttribute('customer-token')")
    expect(chat.log.locator(".mine")).to_have_count(0)
    chat.say("hello").said("You said: hello")
    assert [one.verified for one in site.crm.conversations.recent()] == [False, True]


def test_a_shop_is_told_that_its_token_is_not_good_and_the_chat_goes_on(page: Page) -> None:
    chat = Chat(page)
    chat.host.evaluate("chat => chat.addEventListener('rapport-customer-token-invalid', () => (window.told = true))")
    chat.host.evaluate("chat => (chat.customerToken = 'forged')")
    chat.open()
    chat.say("hello").said("You said: hello")
    assert page.evaluate("window.told")
