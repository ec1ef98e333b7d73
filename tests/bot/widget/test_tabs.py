"""Several tabs of one visitor, and lines that break: nothing lost, nothing twice, everybody in step."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from bot.gateway.visitors import sign_customer
from tests.bot.widget.conftest import Chat, Site
from tests.browser import a_picture

pytestmark = pytest.mark.browser


def another(context: BrowserContext, site: Site) -> Chat:
    """Open the shop in another tab."""
    page = context.new_page()
    page.goto(site.address)
    return Chat(page)


def sign_in(chat: Chat, site: Site, number: str = "C1") -> None:
    """Give the widget the shop's word, as a page does after signing in."""
    chat.host.evaluate("(chat, token) => (chat.customerToken = token)", sign_customer(site.settings, number))


def test_what_a_closed_tab_could_not_send_another_tab_sends_once(page: Page, site: Site) -> None:
    one, other = Chat(page).open(), another(page.context, site).open()
    one.say("first").said("You said: first")
    other.said("You said: first")
    site.stop()
    one.say("left behind")
    expect(other.log.locator(".waiting")).to_contain_text("left behind")
    page.close()
    site.start()
    other.said("You said: left behind")
    expect(other.log.locator(".waiting")).to_have_count(0)
    assert site.assistant.texts == ["first", "left behind"]


def test_what_the_last_tab_could_not_send_is_sent_at_the_next_start(page: Page, site: Site) -> None:
    chat = Chat(page).open()
    chat.say("first").said("You said: first")
    context = page.context
    context.set_offline(True)
    chat.say("two")
    chat.say("three")
    expect(chat.log.locator(".waiting")).to_have_count(2)
    page.close()
    context.set_offline(False)
    chat = another(context, site).open()
    chat.said("You said: three")
    assert site.assistant.texts == ["first", "two", "three"]


def test_without_a_network_messages_wait_and_go_out_once_and_in_order(page: Page, site: Site) -> None:
    chat = Chat(page).open()
    chat.say("one").said("You said: one")
    page.context.set_offline(True)
    for text in ("two", "three", "four"):
        chat.say(text)
    expect(chat.log.locator(".waiting")).to_have_count(3)
    expect(chat.host.locator(".offline")).to_be_visible()
    page.context.set_offline(False)
    chat.said("You said: four")
    assert site.assistant.texts == ["one", "two", "three", "four"]


def test_a_tab_that_signs_in_takes_the_others_along_and_none_loses_the_talk(page: Page, site: Site) -> None:
    early = Chat(page).open()
    early.say("hello").said("You said: hello")
    late = another(page.context, site).open()
    late.said("You said: hello")
    sign_in(late, site)
    late.say("my orders").said("You said: my orders")
    early.said("You said: my orders")
    site.stop()
    site.start()
    early.say("still here").said("You said: still here")
    late.said("You said: still here")
    (conversation,) = site.crm.conversations.recent()
    assert conversation.verified


def test_a_page_without_sign_in_neither_sees_nor_takes_away_the_signed_in_talk(page: Page, site: Site) -> None:
    customer = Chat(page)
    sign_in(customer, site)
    customer.open()
    customer.say("my orders").said("You said: my orders")
    stranger = another(page.context, site).open()
    stranger.say("hello").said("You said: hello")
    expect(stranger.log).not_to_contain_text("my orders")
    site.stop()
    site.start()
    customer.say("and now").said("You said: and now")
    customer.said("You said: my orders")
    expect(customer.log).not_to_contain_text("hello")
    assert sorted(one.verified for one in site.crm.conversations.recent()) == [False, True]


def test_who_signs_out_in_one_tab_is_signed_out_in_all(page: Page, site: Site) -> None:
    one, other = Chat(page), another(page.context, site)
    sign_in(one, site)
    one.open()
    one.say("my orders").said("You said: my orders")
    sign_in(other, site)
    other.open().said("You said: my orders")
    one.host.evaluate("chat => (chat.customerToken = null)")
    for chat in (one, other):
        expect(chat.log.locator(".mine")).to_have_count(0)


def test_reading_in_one_tab_is_reading_in_all(page: Page, site: Site) -> None:
    one, other = Chat(page).open(), another(page.context, site)
    one.say("slow")
    expect(one.log.locator(".mine:not(.waiting)")).to_have_count(1)
    page.keyboard.press("Escape")
    for chat in (one, other):
        expect(chat.host.locator(".badge")).to_have_text("1")
    other.open()
    for chat in (one, other):
        expect(chat.host.locator(".badge")).to_be_empty()


def test_a_file_is_shown_in_every_tab_and_after_a_reload(page: Page, site: Site) -> None:
    chat, other = Chat(page).open(), another(page.context, site)
    picture = {"name": "p.png", "mimeType": "image/png", "buffer": a_picture()}
    chat.host.locator("input[type=file]").set_input_files(picture)
    chat.said("I have kept your file")
    expect(chat.log.locator("canvas")).to_have_attribute("aria-label", "p.png")
    expect(other.open().log.locator("canvas")).to_be_visible()
    page.reload()
    expect(chat.log.locator("canvas")).to_be_visible()
    invoice = {"name": "invoice.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 ..."}
    chat.host.locator("input[type=file]").set_input_files(invoice)
    with page.expect_download() as download:
        chat.host.get_by_role("button", name="Download invoice.pdf").click()
    assert download.value.suggested_filename == "invoice.pdf"


def test_a_file_of_another_kind_is_refused_in_words(page: Page) -> None:
    chat = Chat(page).open()
    program = {"name": "photo.png", "mimeType": "image/png", "buffer": b"MZ not a picture"}
    chat.host.locator("input[type=file]").set_input_files(program)
    expect(chat.log.locator(".failed")).to_contain_text("Only pictures and PDF files")
