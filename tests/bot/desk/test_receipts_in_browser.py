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
