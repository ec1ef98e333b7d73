"""Priority, snooze, tags and the keyboard in a real browser; and axe over the desk's pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from crm_core.records.conversations import Owner
from crm_core.records.people import SYSTEM, Actor, Role

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """The shop without open conversations."""
    yield open_shop
    open_shop.everybody_leaves()


def my_talk(shop: Any, agent: Any, text: str, **how: Any) -> Any:
    conversation = shop.talk(text, **how)
    shop.crm.conversations.take(conversation.id, agent.id)
    return conversation


def test_an_agent_ranks_tags_and_lays_aside(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    talk = my_talk(shop, ada, "my lamp is broken")
    page = enter(ada, f"/desk?c={talk.id}")
    labels = page.get_by_role("group", name="Labels")
    labels.get_by_text("Priority: Normal").click()
    labels.get_by_role("button", name="Urgent").click()
    expect(labels.get_by_text("Priority: Urgent")).to_be_visible()
    expect(labels.get_by_role("button", name="Urgent")).to_be_hidden()
    field = labels.get_by_role("combobox", name="Add a tag")
    for tag in ("#Lamp", "broken"):
        field.fill(tag)
        field.press("Enter")
    expect(labels.locator(".tag")).to_have_text(["lamp×", "broken×"])
    labels.get_by_role("button", name="Remove tag lamp").click()
    expect(labels.locator(".tag")).to_have_text(["broken×"])
    labels.get_by_text("Snooze").click()
    labels.get_by_role("button", name="For 4 hours").click()
    expect(labels.get_by_text("Snoozed until")).to_be_visible()
    assert shop.crm.conversations.get(talk.id).snoozed_until is not None
    labels.get_by_text("Snoozed until").click()
    labels.get_by_role("button", name="Bring back now").click()
    expect(labels.get_by_text("Snoozed until")).to_be_hidden()
    kept = shop.crm.conversations.get(talk.id)
    assert (kept.priority, kept.snoozed_until, shop.crm.conversations.tags(talk.id)) == ("urgent", None, ["broken"])


def test_the_customer_gets_a_link_that_opens_without_signing_in(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    talk = my_talk(shop, ada, "may I have this in writing")
    page = enter(ada, f"/desk?c={talk.id}")
    page.get_by_text("Transcript", exact=True).click()
    page.get_by_role("button", name="Send the customer a link").click()
    expect(page.get_by_role("article", name="Ada")).to_contain_text("/transcript/")
    link = str(shop.crm.conversations.messages(talk.id)[-1].body["text"]).split()[-1]
    page.context.clear_cookies()
    page.goto(link)
    expect(page.get_by_role("listitem").first).to_contain_text("may I have this in writing")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading")).to_contain_text("的对话")


def test_a_day_at_the_desk_without_the_mouse(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    shop.talk("first")
    second = shop.talk("second")
    page = enter(ada)
    expect(page.locator(".queue .item").nth(1)).to_be_visible()
    press = page.keyboard.press
    press("j")
    expect(page.get_by_role("log")).to_contain_text("Bot on: first")
    press("j")
    expect(page.get_by_role("log")).to_contain_text("Bot on: second")
    press("k")
    expect(page.get_by_role("log")).to_contain_text("Bot on: first")
    press("j")
    expect(page.get_by_role("log")).to_contain_text("Bot on: second")
    press("t")
    box = page.get_by_role("textbox", name="Message to the customer")
    expect(box).to_be_focused()
    page.keyboard.type("keys jktbqe?npzgrm/ do nothing here")
    press("Enter")
    expect(page.get_by_role("article", name="Ada")).to_contain_text("keys jktbqe?npzgrm/ do nothing here")
    assert shop.crm.conversations.get(second.id).agent_id == ada.id
    press("Escape")
    expect(box).not_to_be_focused()
    press("n")
    expect(page.get_by_role("textbox", name="Private note")).to_be_focused()
    press("Escape")
    press("r")
    expect(box).to_be_focused()
    press("Escape")
    press("g")
    expect(page.get_by_role("combobox", name="Add a tag")).to_be_focused()
    press("Escape")
    press("p")
    expect(page.get_by_role("button", name="Low")).to_be_focused()
    press("Escape")
    expect(page.get_by_role("button", name="Low")).to_be_hidden()
    press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    press("e")
    press("Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    assert shop.crm.conversations.get(second.id).owner is Owner.HUMAN, "under the list no key does anything"
    press("e")
    expect(page.get_by_text("This conversation is closed.")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_axe_finds_nothing_serious_on_the_desk(shop: Any, enter: Enter, language: str) -> None:
    sam = shop.hire("Sam", Role.SUPERVISOR, language)
    talk = my_talk(shop, sam, "hello", language=language)
    actor = Actor(sam.id, sam.role)
    shop.crm.notes.add(talk.id, "between us", actor=actor)
    shop.crm.conversations.add_tag(talk.id, "vip", actor=actor)
    shop.crm.canned_replies.save(f"hi-{language}", {"en": "Hello", "zh": "您好"}, actor=SYSTEM, known=None)
    shop.talk("somebody waits")
    page = enter(sam, f"/desk?c={talk.id}")
    expect(page.locator(".line-note")).to_be_visible()
    assert serious(page) == []
    page.keyboard.press("?")
    page.locator("dialog.keys").wait_for()
    assert serious(page) == []
    page.keyboard.press("Escape")
    for place in range(page.get_by_role("tab").count()):
        tab = page.get_by_role("tab").nth(place)
        if tab.is_visible():
            tab.click()
            expect(tab).to_have_attribute("aria-selected", "true")
            assert serious(page) == []
    page.goto(page.url.split("?")[0] + "/replies")
    page.locator(".reply").first.wait_for()
    assert serious(page) == []
    page.locator(".btn-primary").click()
    page.locator(".reply-area").first.wait_for()
    assert serious(page) == []
    for other in ("search?q=hello", "team"):
        page.goto(page.url.split("/desk")[0] + f"/desk/{other}")
        page.locator("main").last.wait_for()
        assert serious(page) == []


def serious(page: Page) -> list[str]:
    """Give what axe calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']}: {node['html']}"
        for each in found
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
