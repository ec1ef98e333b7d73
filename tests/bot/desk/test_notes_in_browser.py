"""Private notes in a real browser: written, mentioned, told, and never seen by the customer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm_core.records.people import Actor, Role

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """The shop without open conversations."""
    yield open_shop
    open_shop.everybody_leaves()


def first_waiting(page: Page) -> None:
    page.get_by_role("region", name="Waiting for a person").get_by_role("button").first.click()


def test_a_note_is_written_beside_somebody_elses_conversation_and_calls_a_colleague(shop: Any, enter: Enter) -> None:
    ada, bea = shop.hire("Ada"), shop.hire("Bea Okafor")
    talk = shop.talk("my lamp came broken")
    colleague = enter(bea)
    expect(colleague.get_by_text("Nobody is waiting.")).to_be_hidden()
    page = enter(ada)
    first_waiting(page)
    page.get_by_role("tab", name="Private note").click()
    box = page.get_by_role("textbox", name="Private note")
    expect(box).to_be_focused()
    box.press_sequentially("third one, @be")
    expect(page.locator("#picking").get_by_role("option")).to_have_text(["@Bea Okafor"])
    box.press("Enter")
    expect(box).to_have_value("third one, @Bea Okafor ")
    box.press_sequentially("please look")
    box.press("Enter")
    note = page.get_by_role("article", name="Note by Ada")
    expect(note).to_contain_text("third one, @Bea Okafor please look")
    expect(box).to_have_value("")
    assert [message.seq for message in shop.crm.conversations.messages(talk.id)] == [1, 2, 3], "no message was written"

    expect(colleague.get_by_text("Ada mentioned you in a note.")).to_be_visible()
    expect(colleague.get_by_label("1 not read")).to_be_visible()
    colleague.locator("summary", has_text="Mentions").click()
    colleague.get_by_role("region", name="Mentions").get_by_role("button").click()
    expect(colleague.get_by_role("article", name="Note by Ada")).to_be_visible()
    expect(colleague.get_by_label("1 not read")).to_be_hidden()


def test_notes_stand_at_their_place_and_the_timeline_tells_who_wrote_them(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    talk = shop.talk("first words")
    shop.crm.notes.add(talk.id, "in between", actor=Actor(ada.id, ada.role))
    shop.crm.conversations.accept(talk.id, {"text": "last words"})
    page = enter(ada)
    first_waiting(page)
    log = page.get_by_role("log")
    expect(log).to_contain_text("last words")
    told = log.inner_text()
    assert told.index("first words") < told.index("in between") < told.index("last words")
    page.get_by_role("tab", name="Activity").click()
    timeline = page.get_by_role("tabpanel", name="Activity")
    expect(timeline.get_by_role("listitem").first).to_contain_text("Private note written")
    expect(timeline.get_by_role("listitem").first).to_contain_text("Ada")
    expect(timeline.get_by_role("listitem").last).to_contain_text("A person was asked for")


def test_a_note_half_written_waits_and_never_becomes_a_reply(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    for text in ("one", "two"):
        shop.crm.conversations.take(shop.talk(text).id, ada.id)
    page = enter(ada)
    mine = page.get_by_role("region", name="My conversations").get_by_role("button")
    mine.nth(0).click()
    page.get_by_role("tab", name="Private note").click()
    page.get_by_role("textbox", name="Private note").fill("between us")
    mine.nth(1).click()
    reply = page.get_by_role("textbox", name="Message to the customer")
    expect(reply).to_have_value("")
    expect(page.get_by_role("textbox", name="Private note")).to_be_hidden()
    mine.nth(0).click()
    page.get_by_role("tab", name="Private note").click()
    expect(page.get_by_role("textbox", name="Private note")).to_have_value("between us")


def test_showing_personal_details_leaves_a_line_in_the_timeline(shop: Any, enter: Enter) -> None:
    sam = shop.hire("Sam", Role.SUPERVISOR)
    shop.talk("hi", name="Mei Lin", email="mei.line@example.com")
    page = enter(sam)
    first_waiting(page)
    page.get_by_role("button", name="Show full details").click()
    expect(page.get_by_text("mei.line@example.com")).to_be_visible()
    page.get_by_role("tab", name="Activity").click()
    expect(page.get_by_role("listitem").filter(has_text="Personal details shown")).to_contain_text("Sam")
