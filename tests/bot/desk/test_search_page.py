"""The search page: an address is a search, and what it finds opens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from bot.desk.search import Asked, read_search
from crm_core.crm import Crm
from crm_core.records.people import Actor

Enter = Callable[..., Page]


def test_an_address_that_says_nonsense_asks_for_anything() -> None:
    asked = Asked.of({"q": " teapot ", "status": "lost", "channel": "<b>", "from": "yesterday", "to": "2026-02-30"})
    assert asked == Asked("teapot", "", "", "", "", "")


def test_what_is_found_comes_with_masked_names_and_within_the_days_asked_for(crm: Crm, shop: Any, clock: Any) -> None:
    shop.talk("my teapot broke", name="Mei Lin", email="mei@example.com")
    crm.search.index()
    ada = shop.hire("Ada")
    day = clock().date().isoformat()
    for address, count in (({"from": day, "to": day}, 1), ({"from": "2020-01-01", "to": "2020-01-02"}, 0)):
        shown = read_search(crm, Asked.of({"q": "teapot", **address}), Actor(ada.id, ada.role))
        assert len(shown.found.hits) == count
        assert set(shown.names.values()) <= {"M*** L***"}


@pytest.mark.browser
def test_somebody_searches_narrows_down_and_opens_what_was_found(open_shop: Any, enter: Enter) -> None:
    ada = open_shop.hire("Ada")
    talk = open_shop.talk("我的茶壶破了，想退貨 <b>teapot</b>", language="zh", name="Mei Lin", email="mei@example.com")
    open_shop.crm.search.index()
    page = enter(ada)
    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox", name="Words to look for").fill("茶壶 退货 teapot")
    page.get_by_role("button", name="Search").click()
    hit = page.get_by_role("listitem").filter(has_text="M*** L***")
    expect(hit).to_contain_text("<b>teapot</b>")
    expect(hit.locator("mark")).to_have_text(["茶壶", "退貨", "teapot"])
    page.get_by_label("State").select_option("closed")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("Nothing was found")).to_be_visible()
    page.get_by_label("State").select_option("open")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("listitem").filter(has_text="M*** L***").get_by_role("link").click()
    expect(page).to_have_url(f"{page.url.split('/desk')[0]}/desk?c={talk.id}")
    expect(page.get_by_role("log")).to_contain_text("茶壶破了")
    open_shop.everybody_leaves()
