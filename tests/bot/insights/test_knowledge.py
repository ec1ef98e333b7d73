"""The page of the articles without a browser: the form, and what a new article begins with."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.insights.knowledge.form import article_of, fields_of
from bot.insights.knowledge.listing import _fits
from bot.insights.knowledge.start import read_start
from crm_core.crm import Crm
from crm_core.errors import NotFound
from crm_core.knowledge.editing import ArticleInvalid
from crm_core.records.articles import ArticleText, EditedArticle
from crm_core.records.questions import Outcome

KEPT = EditedArticle(
    "warranty",
    "warranty",
    {
        "en": ArticleText("Warranty", "Two years.", ("guarantee", "broken"), ("Is it broken?", "Why, then?")),
        "zh": ArticleText("质保", "两年。"),
    },
    valid_from=date(2026, 1, 1),
    updated_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def test_what_the_form_shows_is_what_it_gives_back() -> None:
    given = article_of(fields_of(KEPT), KEPT)
    assert fields_of(given) == fields_of(KEPT)
    assert given.updated_at == KEPT.updated_at


def test_keywords_are_parted_as_either_language_does() -> None:
    values = fields_of(KEPT) | {"keywords_zh": "保修，坏了、多久; 修"}
    assert article_of(values, KEPT).text("zh").keywords == ("保修", "坏了", "多久", "修")


def test_a_kept_article_keeps_its_name_and_a_wrong_day_is_named() -> None:
    assert article_of(fields_of(KEPT) | {"slug": "other"}, KEPT).slug == "warranty"
    with pytest.raises(ArticleInvalid, match="valid_to"):
        article_of(fields_of(KEPT) | {"valid_to": "tomorrow"}, KEPT)


@pytest.mark.parametrize(("typed", "fits"), [("", True), ("GUARANTEE two", True), ("质保", True), ("teapot", False)])
def test_the_list_is_narrowed_by_every_typed_word(typed: str, fits: bool) -> None:
    assert _fits(KEPT, typed) is fits


def test_a_new_article_begins_with_the_question_and_the_name_is_made_of_its_title(crm: Crm, shop: Any) -> None:
    talk = shop.talk("hello", person=False)
    crm.questions.missed(talk.id, "Do you repair teapots?", Outcome.UNKNOWN, message_id="1", language="en")
    crm.question_topics.refresh()
    start = read_start(crm, "", crm.question_topics.topics()[0].id)
    assert start.article.text("en").title == "Do you repair teapots?"
    assert start.article.text("en").questions == ("Do you repair teapots?",)
    assert start.asked == ["Do you repair teapots?"]
    assert start.slug_of(start.article) == "do-you-repair-teapots"


def test_an_article_that_is_gone_is_said_to_be(crm: Crm) -> None:
    with pytest.raises(NotFound):
        read_start(crm, "nothing", None)
