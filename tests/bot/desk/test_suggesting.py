"""Suggested replies above the box: taken over, changed, dismissed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from crm_core.storage.tables import suggestions

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]


def kept(shop: Any) -> set[tuple[str, str | None, bool]]:
    """What is kept of the suggestions: whence, what became of it, whether it was sent."""
    with shop.crm.database.reading() as connection:
        rows = connection.execute(sa.select(suggestions)).all()
    return {(row.source, row.outcome, row.sent_at is not None) for row in rows}


def wait_until_kept(shop: Any, wanted: tuple[str, str | None, bool]) -> None:
    """Wait for what the page writes behind its back."""
    for _ in range(100):
        if wanted in kept(shop):
            return
        time.sleep(0.05)
    assert wanted in kept(shop)


def test_an_agent_takes_a_suggestion_over_changes_it_and_sends_it(open_shop: Any, enter: Enter) -> None:
    ada, bo = open_shop.hire("Ada"), open_shop.hire("Bo")
    crm = open_shop.crm
    before = open_shop.talk("can I return a washed shirt", name="Mei Lin", email="mei@example.com")
    crm.conversations.take(before.id, bo.id)
    crm.conversations.accept(before.id, {"text": "can I return a washed shirt"})
    crm.conversations.say(before.id, bo.id, "Hello Mei, a washed shirt can be returned within 30 days, Mei.")
    crm.conversations.finish(before.id, bo.id)
    crm.question_topics.gather()
    talk = open_shop.talk("hello")
    crm.conversations.take(talk.id, ada.id)
    crm.conversations.accept(talk.id, {"text": "I washed my shirt, can I return it?"})

    page = enter(ada, f"/desk?c={talk.id}")
    bar = page.get_by_role("region", name="Suggested replies")
    expect(bar.get_by_role("group")).to_contain_text(
        "A colleague answered: can I return a washed shirt", timeout=20_000
    )
    bar.get_by_role("button", name="washed shirt can be returned").click()
    box = page.get_by_role("textbox", name="Message to the customer")
    expect(box).to_have_value("Hello, a washed shirt can be returned within 30 days, ***.")
    expect(bar).to_be_hidden()
    page.wait_for_function("getSelection().toString() === '***'")
    page.keyboard.type("of course")
    box.press("Enter")
    expect(page.get_by_role("article", name="Ada")).to_contain_text("within 30 days, of course.")
    wait_until_kept(open_shop, ("colleague", "edited", True))

    crm.conversations.accept(talk.id, {"text": "and a washed shirt that is old, can I return it?"})
    page.reload()
    bar.get_by_role("button", name="Not this one").click()
    expect(bar).to_be_hidden()
    wait_until_kept(open_shop, ("colleague", "dismissed", False))
    open_shop.everybody_leaves()
