"""The managers' page of the articles in a real browser, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from crm_core.records.articles import ArticleText, EditedArticle
from crm_core.records.people import SYSTEM, Role
from crm_core.records.questions import Outcome
from tests.browser import look

pytestmark = pytest.mark.browser

Enter = Callable[..., Page]
PATH = "/insights/knowledge"
REPLY = "Yes, we sharpen every kitchen knife for five dollars within two days."


@pytest.fixture(scope="module")
def told(open_shop: Any) -> Any:
    """A shop with two articles, questions that nobody answered, and one that a person did."""
    shop = open_shop
    texts = {
        "en": ArticleText("Two-year warranty", "Everything has a **warranty** of two years.", ("guarantee",)),
        "zh": ArticleText("两年质保", "所有商品质保两年。"),
    }
    shop.crm.articles.create(EditedArticle("warranty", "warranty", texts), actor=SYSTEM)
    parking = {"en": ArticleText("Parking", "There is free parking behind the shop.")}
    shop.crm.articles.create(EditedArticle("parking", "store", parking), actor=SYSTEM)
    talk = shop.talk("hello", person=False)
    for number, text in enumerate(["do you repair teapots?", "could you repair my teapot", "can I rent a bicycle?"]):
        shop.crm.questions.missed(talk.id, text, Outcome.UNKNOWN, message_id=str(number), language="en")
    shop.crm.questions.missed(talk.id, "你们修茶壶吗", Outcome.FALLBACK, message_id="zh", language="zh")
    ada = shop.hire("Ada")
    asked = shop.talk("do you sharpen kitchen knives?")
    shop.crm.conversations.take(asked.id, ada.id)
    shop.crm.conversations.say(asked.id, ada.id, REPLY)
    shop.crm.conversations.finish(asked.id, ada.id)
    return shop


def opened(told: Any, enter: Enter, view: str = "", language: str = "en") -> Page:
    return enter(told.hire("Max", Role.MANAGER, language), f"{PATH}{view}")


def test_the_list_shows_and_narrows_the_articles(told: Any, enter: Enter) -> None:
    page = opened(told, enter)
    row = page.get_by_role("row", name=re.compile("Two-year warranty"))
    expect(row).to_contain_text("In use")
    expect(row).to_contain_text("Chinese")
    look(page, "knowledge-articles-en")
    page.get_by_label("Search in articles").fill("guarantee")
    expect(page.get_by_text("1 article", exact=True)).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("Parking"))).to_have_count(0)


def test_an_article_is_begun_from_a_question_and_answers_it_within_seconds(told: Any, enter: Enter) -> None:
    page = opened(told, enter, "?view=questions")
    topic = page.get_by_role("listitem").filter(has_text="repair").first
    expect(topic).to_contain_text("twice", timeout=60000)  # the first look takes the libraries in
    look(page, "knowledge-questions-en")
    topic.get_by_role("link", name="Write an article").click()
    english = page.get_by_role("group", name="English")
    expect(english.get_by_label("Title")).to_have_value(re.compile("teapot"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_text("Category: please fill this in.")
    expect(page.get_by_label("Category")).to_be_focused()
    page.get_by_label("Category").fill("service")
    body = english.get_by_label("Text (Markdown)")
    body.fill("We repair **teapots** within two weeks.\n\n<img src=x onerror=alert(1)><script>alert(2)</script>")
    expect(english.locator("strong")).to_have_text("teapots")
    assert english.locator("script, img[onerror]").count() == 0
    expect(english.get_by_label("Title")).to_have_value(re.compile("teapot"))  # what was typed stays
    body.fill("We repair **teapots** within two weeks.")
    look(page, "knowledge-editor-en")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("row", name=re.compile("teapot"))).to_be_visible()
    page.goto(page.url.partition("?")[0] + "?view=try")
    page.get_by_label("Ask a question in either language").fill("will you repair my teapot?")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("The assistant would quote this:")).to_be_visible(timeout=15000)
    expect(page.locator(".trial-chosen")).to_contain_text("within two weeks")
    look(page, "knowledge-try-en")
    page.goto(page.url.partition("?")[0] + "?view=questions&status=answered")
    expect(page.get_by_role("listitem").first).to_contain_text("Answered by")


def test_what_a_colleague_answered_becomes_an_article(told: Any, enter: Enter) -> None:
    page = opened(told, enter, "?view=answers")
    topic = page.get_by_role("listitem").filter(has_text="sharpen").first
    expect(topic).to_contain_text(REPLY)
    look(page, "knowledge-answers-en")
    topic.get_by_role("link", name="Write an article").click()
    expect(page.get_by_role("group", name="English").get_by_label("Text (Markdown)")).to_have_value(REPLY)


def test_a_topic_is_dismissed_and_opened_again(told: Any, enter: Enter) -> None:
    page = opened(told, enter, "?view=questions")
    topic = page.get_by_role("listitem").filter(has_text="bicycle").first
    topic.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("rent a bicycle")).to_have_count(0)
    page.get_by_role("link", name="Dismissed").click()
    page.get_by_role("listitem").filter(has_text="bicycle").get_by_role("button", name="Open again").click()
    page.get_by_role("link", name="Open", exact=True).click()
    expect(page.get_by_text("rent a bicycle")).to_be_visible()


def test_a_change_is_kept_in_the_history_and_an_article_can_be_withdrawn(told: Any, enter: Enter) -> None:
    page = opened(told, enter, "?article=parking")
    body = page.get_by_role("group", name="English").get_by_label("Text (Markdown)")
    expect(body).to_have_value("There is free parking behind the shop.")
    body.fill("There is free parking in front of the shop.")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Parking").click()
    expect(page.get_by_text("Max changed it (English):")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Withdraw").click()
    expect(page.get_by_role("row", name=re.compile("Parking"))).to_contain_text("No longer in use")


def test_the_page_speaks_chinese(told: Any, enter: Enter) -> None:
    page = opened(told, enter, "?view=questions", "zh")
    expect(page.get_by_role("heading", name="知识库")).to_be_visible()
    expect(page.get_by_text("你们修茶壶吗")).to_be_visible()
    look(page, "knowledge-questions-zh")
    page.get_by_role("link", name="文章", exact=True).click()
    look(page, "knowledge-articles-zh")
    page.get_by_role("link", name="两年质保").click()
    expect(page.get_by_role("group", name="中文").get_by_label("标题")).to_have_value("两年质保")
    look(page, "knowledge-editor-zh")


def test_agents_do_not_get_in(told: Any, enter: Enter) -> None:
    page = enter(told.hire("Eve"), PATH)
    expect(page.get_by_role("link", name="Knowledge")).to_have_count(0)
    expect(page.get_by_role("button", name="Save")).to_have_count(0)
    expect(page.get_by_label("Search in articles")).to_have_count(0)
