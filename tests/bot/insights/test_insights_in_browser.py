"""The managers' page in a real browser: figures, their definitions, and the conversations behind them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm_core.records.conversations import Outcome
from crm_core.records.people import Role

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def told(open_shop: Any) -> Any:
    """A shop in which four conversations ended in four ways."""
    shop = open_shop
    ada = shop.hire("Ada")
    for outcome in (Outcome.SOLVED_BY_BOT, Outcome.ABANDONED):
        shop.crm.conversations.close(shop.talk("where is it", person=False).id, outcome)
    by_person = shop.talk("somebody please")
    shop.crm.conversations.take(by_person.id, ada.id)
    shop.crm.conversations.say(by_person.id, ada.id, "Here I am.")
    shop.crm.conversations.finish(by_person.id, ada.id)
    shop.crm.conversations.rate(by_person.id, 5)
    shop.talk("still here", person=False)
    return shop


@pytest.fixture
def page(told: Any, enter: Enter) -> Page:
    """The insights, opened by a manager."""
    return enter(told.hire("Max", Role.MANAGER), "/insights")


def test_the_four_shares_are_shown_and_sum_to_a_hundred(page: Page) -> None:
    expect(page.locator("[data-figure]")).to_have_count(8)
    shown = [
        page.locator(f"[data-figure={ending}] .tile-value").inner_text()
        for ending in ("solved_by_bot", "solved_by_person", "abandoned", "open")
    ]
    assert shown == ["25.0%"] * 4
    expect(page.locator("[data-figure=handed_off] .tile-value")).to_have_text("25.0%")
    expect(page.locator("[data-figure=rating] .tile-value")).to_have_text("5 of 5")
    expect(page.get_by_role("img", name=re.compile("4 conversations in 30 days"))).to_be_visible()


def test_behind_a_figure_are_exactly_its_conversations_and_each_opens_in_the_desk(page: Page) -> None:
    page.locator("[data-figure=handed_off]").get_by_role("button", name="View 1").click()
    window = page.get_by_role("dialog", name="Handed to a person")
    expect(window.get_by_role("row")).to_have_count(2)
    expect(window.get_by_role("row").last).to_contain_text("Solved by a person")
    window.get_by_role("link").click()
    expect(page.get_by_role("log")).to_contain_text("Here I am.")
    expect(page.get_by_text("This conversation is closed.")).to_be_visible()


def test_every_tile_tells_its_definition_to_keyboard_and_screen_reader(page: Page) -> None:
    sign = page.locator("[data-figure=abandoned]").get_by_role("button", name=re.compile("^Closed conversations that"))
    sign.focus()
    expect(sign.get_by_role("tooltip")).to_be_visible()


def test_a_range_without_conversations_says_so_calmly(page: Page) -> None:
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_label("to", exact=True).fill("2020-01-31")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("No conversations in these days")).to_be_visible()
    expect(page.locator("[data-figure=open] .tile-value")).to_have_text("–")
    page.goto(f"{page.url.partition('?')[0]}?from=yesterday&to=x")
    expect(page.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "true")


def test_the_table_is_downloaded_as_csv(page: Page) -> None:
    with page.expect_download() as started:
        page.get_by_role("link", name="Download CSV").click()
    lines = started.value.path().read_text("utf-8-sig").splitlines()
    assert lines[0].startswith("day,conversations,solved_by_bot")
    assert len(lines) == 31
    assert lines[-1].split(",")[1:] == ["4", "1", "1", "1", "1", "1", "25.0", "25.0", "25.0", "25.0"]


def test_the_page_speaks_chinese(told: Any, enter: Enter) -> None:
    page = enter(told.hire("Wei", Role.MANAGER, "zh"), "/insights")
    expect(page.get_by_role("heading", name="经营洞察")).to_be_visible()
    expect(page.locator("[data-figure=solved_by_bot]")).to_contain_text("助手解决")
