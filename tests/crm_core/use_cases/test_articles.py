"""Articles edited by managers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import Conflict, NotAllowed
from crm_core.knowledge.editing import ArticleInvalid, slug_for
from crm_core.records.articles import ArticleText, EditedArticle
from crm_core.records.people import Actor
from crm_core.storage.tables import article_changes
from crm_core.use_cases.articles import ArticleNotFound

MANAGER = Actor("m1", "manager")
REPAIRS = EditedArticle(
    "repairs",
    "service",
    {
        "en": ArticleText("Do you repair teapots?", "We repair teapots within two weeks.", ("mend", " mend ", "")),
        "zh": ArticleText("能修茶壶吗？", "我们两周内修好茶壶。"),
    },
)


def test_an_article_is_kept_in_both_languages_and_used_at_once(any_crm: Crm, clock: Any) -> None:
    assert any_crm.knowledge.answer("can you repair my teapot", "en") is None
    kept = any_crm.articles.create(REPAIRS, actor=MANAGER)
    assert kept.text("en").keywords == ("mend",)
    clock.advance(seconds=6)
    passage = any_crm.knowledge.answer("can you repair my teapot", "en")
    assert passage is not None
    assert passage.text == "We repair teapots within two weeks."
    assert any_crm.articles.all() == [kept] == [any_crm.articles.get("repairs")]


def test_a_change_is_used_within_seconds_and_kept_in_the_history(any_crm: Crm, clock: Any) -> None:
    kept = any_crm.articles.create(REPAIRS, actor=MANAGER)
    any_crm.knowledge.answer("can you repair my teapot", "en")
    clock.advance(seconds=6)
    english = ArticleText("Do you repair teapots?", "We repair teapots within three weeks.")
    changed = any_crm.articles.change(
        replace(kept, texts={"en": english, "zh": kept.text("zh")}), actor=Actor("m2", "admin")
    )
    passage = any_crm.knowledge.answer("can you repair my teapot", "en")
    assert passage is not None
    assert passage.text == "We repair teapots within three weeks."
    newest = any_crm.articles.history("repairs")[0]
    assert (newest.deed, newest.language, newest.actor) == ("changed", "en", "m2")
    assert newest.fields == ["body", "keywords"]
    assert newest.before is not None
    assert newest.before["body"] == "We repair teapots within two weeks."
    assert len(any_crm.articles.history("repairs")) == 3
    assert changed.updated_at == clock.now


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(any_crm: Crm, clock: Any) -> None:
    seen = any_crm.articles.create(REPAIRS, actor=MANAGER)
    clock.advance(seconds=1)
    any_crm.articles.change(replace(seen, category="warranty"), actor=MANAGER)
    with pytest.raises(Conflict):
        any_crm.articles.change(replace(seen, category="store"), actor=MANAGER)


def test_saving_what_was_not_changed_changes_nothing(any_crm: Crm, clock: Any) -> None:
    seen = any_crm.articles.create(REPAIRS, actor=MANAGER)
    clock.advance(seconds=1)
    assert any_crm.articles.change(seen, actor=MANAGER) == seen
    assert len(any_crm.articles.history("repairs")) == 2


def test_a_withdrawn_article_answers_nothing_and_can_come_back(any_crm: Crm, clock: Any) -> None:
    any_crm.articles.create(replace(REPAIRS, valid_from=date(2026, 3, 2)), actor=MANAGER)
    clock.advance(seconds=6)
    assert any_crm.knowledge.answer("can you repair my teapot", "en")
    withdrawn = any_crm.articles.withdraw("repairs", actor=MANAGER)
    clock.advance(seconds=6)
    assert any_crm.knowledge.answer("can you repair my teapot", "en") is None
    any_crm.articles.change(replace(withdrawn, valid_to=None), actor=MANAGER)
    clock.advance(seconds=6)
    assert any_crm.knowledge.answer("can you repair my teapot", "en")
    assert [change.deed for change in any_crm.articles.history("repairs")][-1] == "created"


def test_a_deleted_article_is_gone_but_its_history_stays(any_crm: Crm) -> None:
    any_crm.articles.create(REPAIRS, actor=MANAGER)
    any_crm.articles.delete("repairs", actor=MANAGER)
    with pytest.raises(ArticleNotFound):
        any_crm.articles.get("repairs")
    assert {change.deed for change in any_crm.articles.history("repairs")} == {"created", "deleted"}


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        (replace(REPAIRS, slug=""), "slug", "missing"),
        (replace(REPAIRS, slug="Re pairs"), "slug", "not_a_slug"),
        (replace(REPAIRS, slug="r" * 121), "slug", "too_long"),
        (replace(REPAIRS, category=" "), "category", "missing"),
        (replace(REPAIRS, audience="nobody"), "audience", "not_known"),
        (replace(REPAIRS, texts={}), "title_en", "missing"),
        (replace(REPAIRS, texts={"zh": ArticleText("能修吗")}), "body_zh", "missing"),
        (replace(REPAIRS, texts={"en": ArticleText("", "We do.")}), "title_en", "missing"),
        (replace(REPAIRS, texts={"en": ArticleText("t", "b" * 20_001)}), "body_en", "too_long"),
        (replace(REPAIRS, valid_from=date(2026, 3, 2), valid_to=date(2026, 3, 2)), "valid_to", "not_after"),
    ],
)
def test_what_is_wrong_is_named(crm: Crm, wrong: EditedArticle, field: str, code: str) -> None:
    with pytest.raises(ArticleInvalid, match=field) as raised:
        crm.articles.create(wrong, actor=MANAGER)
    assert (raised.value.field, raised.value.code) == (field, code)


def test_a_name_is_given_once(any_crm: Crm) -> None:
    any_crm.articles.create(REPAIRS, actor=MANAGER)
    with pytest.raises(ArticleInvalid, match="another article"):
        any_crm.articles.create(REPAIRS, actor=MANAGER)


def test_agents_do_not_edit(crm: Crm) -> None:
    with pytest.raises(NotAllowed):
        crm.articles.create(REPAIRS, actor=Actor("a1", "agent"))


def test_the_history_cannot_be_rewritten(any_crm: Crm) -> None:
    any_crm.articles.create(REPAIRS, actor=MANAGER)
    with pytest.raises(Exception, match="append-only"), any_crm.database.writing() as connection:
        connection.execute(sa.update(article_changes).values(actor="somebody else"))
    with pytest.raises(Exception, match="append-only"), any_crm.database.writing() as connection:
        connection.execute(sa.delete(article_changes))


def test_a_slug_is_made_of_a_title() -> None:
    assert slug_for("Do you repair teapots?", []) == "do-you-repair-teapots"
    assert slug_for("Do you repair teapots?", ["do-you-repair-teapots"]) == "do-you-repair-teapots-2"
    assert slug_for("能修茶壶吗", ["article"]) == "article-2"
