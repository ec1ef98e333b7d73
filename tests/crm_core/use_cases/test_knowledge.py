"""Answers from the articles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from crm_core.crm import Crm
from crm_core.records.knowledge import Article
from crm_core.records.shop import Passage
from crm_core.use_cases.knowledge import Knowledge


class Index:
    """Finds articles whose title holds the question; sure of nothing that is short."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles

    def search(self, question: str, language: str) -> list[Passage]:
        return [
            Passage(each.slug, each.title, each.body, each.language, each.category, 0.99 if len(question) > 3 else 0.0)
            for each in self.articles
            if each.language == language and question in each.title
        ]


def article(folder: Path, title: str, body: str) -> None:
    (folder / "en").mkdir(exist_ok=True)
    head = f"---\ntitle: {title}\ncategory: warranty\n---\n\n"
    (folder / "en" / "warranty.md").write_text(f"{head}{body}\n", "utf-8")


def test_a_question_is_answered_by_an_article(any_crm: Crm, tmp_path: Path) -> None:
    article(tmp_path, "How long is the warranty?", "Two years.")
    subject = Knowledge(any_crm._context, Index)
    assert subject.load(tmp_path) == 1
    passage = subject.answer("warranty", "en")
    assert passage is not None
    assert (passage.slug, passage.text) == ("warranty", "Two years.")


def test_what_the_articles_do_not_say_is_not_known(crm: Crm, tmp_path: Path) -> None:
    article(tmp_path, "How long is the warranty?", "Two years.")
    subject = Knowledge(crm._context, Index)
    subject.load(tmp_path)
    assert subject.answer("helicopters", "en") is None
    assert subject.answer("the", "en") is None
    assert subject.answer("warranty", "zh") is None


def test_a_changed_article_is_used_soon(crm: Crm, tmp_path: Path, clock: object) -> None:
    subject = Knowledge(crm._context, Index)
    article(tmp_path, "How long is the warranty?", "Two years.")
    subject.load(tmp_path)
    subject.answer("warranty", "en")
    clock.advance(minutes=1)  # type: ignore[attr-defined]
    article(tmp_path, "How long is the warranty?", "Three years.")
    assert subject.load(tmp_path) == 1
    passage = subject.answer("warranty", "en")
    assert passage is not None
    assert passage.text == "Three years."
