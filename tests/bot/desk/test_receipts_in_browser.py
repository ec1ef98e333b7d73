"""What the agent and the customer have seen of each other, and customers' files, on the real desk."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.bot.conftest import Shop
from tests.browser import a_picture

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def until(condition: Callable[[], bool]) -> None:
    """Wait for what another process does."""
    for _ in range(80):
        if condition():
            return
        time.sleep(0.1)
    pytest.fail("it did not come about within 8 seconds")


def test_the_agent_who_has_the_talk_has_seen_it_and_sees_what_the_customer_saw(
    open_shop: Shop, enter: Callable[..., Page]
) -> None:
    ada, crm = open_shop.hire("Ada"), open_shop.crm
    talk = open_shop.talk("my lamp is broken").id
    page = enter(ada, f"/desk?c={talk}")
    expect(page.get_by_text("my lamp is broken").first).to_be_visible()
    assert crm.conversations.get(talk).seen_by_agent_seq == 0
    page.get_by_role("button", name="Take").first.click()
    until(lambda: crm.conversations.get(talk).seen_by_agent_seq == crm.conversations.get(talk).last_seq)
    written = crm.conversations.say(talk, ada.id, "Which lamp is it?").seq
    page.reload()
    expect(page.get_by_text("Not seen by the customer yet")).to_be_visible()
    crm.conversations.seen_by_customer(talk, written)
    page.reload()
    expect(page.get_by_text("Seen by the customer", exact=True)).to_be_visible()


def test_a_customers_picture_is_shown_to_staff_and_to_nobody_else(
    open_shop: Shop, enter: Callable[..., Page], staff_pages: str
) -> None:
    ada, crm = open_shop.hire("Ada"), open_shop.crm
    talk = open_shop.talk("look at this").id
    page = enter(ada, "/desk")
    kept = crm.attachments.keep(talk, "lamp.png", a_picture())
    crm.conversations.accept(talk, {"text": "", "attachment": kept.described})
    page.goto(f"{staff_pages}/desk?c={talk}")
    picture = page.get_by_role("img", name="lamp.png")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.complete && image.naturalWidth") > 0
    assert page.request.get(f"{staff_pages}/desk/attachments/{kept.id}").ok
    page.context.clear_cookies()
    assert page.request.get(f"{staff_pages}/desk/attachments/{kept.id}").status == 403


def test_an_agent_sends_a_file_and_is_told_when_it_is_none_that_can_be_sent(
    open_shop: Shop, enter: Callable[..., Page]
) -> None:
    ada, crm = open_shop.hire("Ada"), open_shop.crm
    talk = open_shop.talk("where is the manual?").id
    page = enter(ada, f"/desk?c={talk}")
    page.get_by_role("button", name="Take").first.click()
    field = page.locator("input.compose-file")
    expect(page.get_by_role("button", name="File", exact=True)).to_be_visible()
    field.set_input_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"words"})
    expect(page.get_by_text("That file could not be sent")).to_be_visible()
    field.set_input_files({"name": "manual.png", "mimeType": "image/png", "buffer": a_picture()})
    expect(page.get_by_role("img", name="manual.png")).to_be_visible()
    sent = crm.conversations.messages(talk)[-1]
    assert (sent.author.value, sent.body["attachment"]["name"]) == ("agent", "manual.png")


def test_a_file_is_taken_only_from_the_agent_who_has_the_conversation_and_only_from_the_desk(
    open_shop: Shop, enter: Callable[..., Page], staff_pages: str
) -> None:
    ada, bo = open_shop.hire("Ada"), open_shop.hire("Bo")
    talk = open_shop.talk("where is the manual?").id
    open_shop.crm.conversations.take(talk, ada.id)
    address = f"{staff_pages}/desk/attachments?conversation={talk}&name=a.png"
    page = enter(bo, "/desk")
    assert page.request.post(address, data=a_picture()).status == 403
    page = enter(ada, "/desk")
    assert page.request.post(address, data=a_picture(), headers={"Origin": "https://elsewhere.test"}).status == 403
    assert page.request.post(address, data=a_picture()).ok
