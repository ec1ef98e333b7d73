"""The team's page in a real browser, and a conversation that goes from one agent to another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm_core.records.people import Role
from crm_core.records.team import Presence

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


@pytest.fixture
def shop(open_shop: Any) -> Iterator[Any]:
    """The shop without open conversations."""
    yield open_shop
    open_shop.everybody_leaves()


def test_an_agent_hands_a_conversation_to_a_colleague_who_accepts(shop: Any, enter: Enter) -> None:
    ada, bo = shop.hire("Ada"), shop.hire("Bo")
    conversation = shop.talk("it is about my invoice")
    shop.crm.conversations.take(conversation.id, ada.id)
    his = enter(bo)
    expect(his.get_by_text("Nobody is waiting.")).to_be_visible()
    hers = enter(ada)
    hers.get_by_role("region", name="My conversations").locator(".item").click()
    hers.get_by_role("button", name="Transfer").click()
    dialog = hers.get_by_role("dialog")
    dialog.get_by_role("listitem").filter(has_text="Bo").get_by_role("button", name="Ask").click()
    expect(hers.get_by_text("Bo has been asked.")).to_be_visible()
    his.get_by_role("region", name="Offered to you").locator(".item").click()
    his.get_by_role("button", name="Accept").click()
    expect(his.get_by_role("textbox", name="Message to the customer")).to_be_enabled()
    expect(hers.get_by_role("textbox", name="Message to the customer")).to_be_disabled()
    assert shop.crm.conversations.get(conversation.id).agent_id == bo.id


def test_an_agent_becomes_available_and_says_so_to_everybody(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    page = enter(ada)
    page.locator(".presence-open").click()
    page.get_by_role("button", name="Let conversations come to me").click()
    expect(page.locator(".presence-open")).to_have_text("Available")
    found = {member.id: member.presence for member in shop.crm.team.members()}
    assert found[ada.id] is Presence.AVAILABLE


def test_an_administrator_adds_a_person_and_sets_what_comes_to_them(shop: Any, enter: Enter) -> None:
    boss = shop.hire("Boss", Role.ADMIN)
    page = enter(boss, "/desk/team")
    page.get_by_placeholder("Name").fill("Lin")
    page.get_by_placeholder("E-mail").fill("lin@example.com")
    page.get_by_role("button", name="Add a person").click()
    expect(page.get_by_role("status")).to_contain_text("Lin signs in with lin@example.com and the password")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Lin"))
    row.get_by_label("Conversations at once").fill("2")
    row.get_by_label("Team").fill("Returns")
    row.get_by_label("Complaints").check()
    row.get_by_label("Chinese").uncheck()
    row.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    [lin] = [member for member in shop.crm.team.members() if member.name == "Lin"]
    assert (lin.team, lin.skills, lin.languages, lin.capacity) == ("Returns", ("complaints",), ("en",), 2)


def test_several_conversations_are_taken_at_once(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    talks = [shop.talk(f"question {number}") for number in range(3)]
    page = enter(ada)
    boxes = page.get_by_role("region", name="Waiting for a person").get_by_role("checkbox", name="Choose")
    expect(boxes).to_have_count(3)
    for place in range(2):
        boxes.nth(place).check()
    page.get_by_role("toolbar").get_by_role("button", name="Take").click()
    expect(page.get_by_text("Done for 2 conversations.")).to_be_visible()
    taken = [shop.crm.conversations.get(talk.id).agent_id for talk in talks]
    assert taken == [ada.id, ada.id, None]
    boxes = page.get_by_role("region", name="My conversations").get_by_role("checkbox", name="Choose")
    expect(boxes).to_have_count(2)
    for place in range(2):
        boxes.nth(place).check()
    page.get_by_role("toolbar").get_by_label("Priority").select_option("urgent")
    expect(page.get_by_role("region", name="My conversations").get_by_text("Urgent")).to_have_count(2)


def test_a_list_is_narrowed_and_kept(shop: Any, enter: Enter) -> None:
    ada = shop.hire("Ada")
    shop.talk("where is it", person=False)
    shop.talk("\u4f60\u597d", language="zh", person=False)
    page = enter(ada)
    page.get_by_label("Which conversations").select_option("open")
    rows = page.get_by_role("region", name="All open").locator(".item")
    expect(rows).to_have_count(2)
    page.get_by_text("Narrow").click()
    page.get_by_label("Language").select_option("zh")
    expect(rows).to_have_count(1)
    page.get_by_placeholder("Keep this list as").fill("Chinese")
    page.get_by_role("button", name="Keep", exact=True).click()
    expect(page.get_by_label("Which conversations").locator("option", has_text="Chinese")).to_have_count(1)
    assert [kept.name for kept in shop.crm.lists.saved(actor=shop.crm.staff.actor(ada))] == ["Chinese"]
