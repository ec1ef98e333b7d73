"""The index finds the passage that answers, in the language asked for, and knows when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.knowledge import ask, figures, read_questions
from crm_core.knowledge import THRESHOLD, Index
from crm_core.knowledge.calibration import Calibration, Signs
from crm_core.knowledge.likeness import Remembering
from crm_core.knowledge.passages import pieces
from crm_core.knowledge.reading import read_articles
from crm_core.knowledge.terms import stem, terms
from crm_core.records.knowledge import Article

ROOT = Path(__file__).parent.parent.parent.parent
ARTICLES = [
    Article("returns", "en", "Sending something back", "You have 30 days to return it.", "returns", ("refund",)),
    Article("returns", "zh", "如何退货", "收到后三十天内可以退货。", "returns", ("退款",)),
    Article("hours", "en", "Opening hours", "We open at nine.\n\n" + "On Sundays we are closed. " * 40, "store"),
    Article("linen", "en", "Washing linen", "Wash linen at 40 °C.", "care", ("laundry",)),
]


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(ARTICLES)


def test_a_question_in_other_words_finds_its_article(index: Index) -> None:
    best = index.search("can I give it back and be refunded?", "en")[0]
    assert (best.slug, best.text) == ("returns", "You have 30 days to return it.")
    assert best.score >= THRESHOLD


def test_each_language_is_answered_from_its_own_article(index: Index) -> None:
    assert index.search("怎么退货", "zh")[0].text == "收到后三十天内可以退货。"


def test_a_question_in_the_other_language_is_answered_in_the_one_asked_for(index: Index) -> None:
    assert index.search("怎么退货", "en")[0].language == "en"
    assert index.search("how do I return it", "zh")[0].language == "zh"


def test_an_article_that_exists_in_one_language_only_is_given_as_it_is(index: Index) -> None:
    best = index.search("how to wash linen", "zh")[0]
    assert (best.slug, best.language) == ("linen", "en")


def test_what_no_article_says_is_not_known(index: Index) -> None:
    for question in ("who is the emperor of Atlantis", "天空为什么是蓝色的"):
        assert all(passage.score < THRESHOLD for passage in index.search(question, "en"))


@pytest.mark.parametrize("question", ["", "   ", "?!", "🙂", "what is it", "x" * 100_000, "退" * 5000])
def test_any_text_at_all_may_be_asked(index: Index, question: str) -> None:
    assert all(0 <= passage.score <= 1 for passage in index.search(question, "en"))


def test_each_article_is_named_once(index: Index) -> None:
    slugs = [passage.slug for passage in index.search("open Sundays closed nine", "en")]
    assert slugs.count("hours") == 1


def test_no_articles_know_nothing() -> None:
    assert Index([]).search("how to return", "en") == []


def test_the_probability_rises_with_what_is_covered() -> None:
    curve = Calibration(1.0, 1.0, (5.0, 1.0, 1.0, -1.0, 1.0, 1.0, 0.0), -2.0)
    nothing, half, all_of_it = (curve.probability(Signs(c, 0, 0, 0, 0, 0, 0.1)) for c in (0.0, 0.5, 1.0))
    assert 0 < nothing < half < all_of_it < 1
    assert curve.probability(Signs(1e9, 0, 0, 0, 0, 0, 0)) <= 1


def test_a_question_that_an_article_is_known_to_answer_finds_it_whatever_its_words() -> None:
    known = [
        replace(article, questions=("my aunt hates it",)) if article.slug == "returns" else article
        for article in ARTICLES
    ]
    for question, least in (("My aunt hates it!", THRESHOLD), ("she hates it, my old aunt", 0.1)):
        before, after = (Index(articles).search(question, "en") for articles in (ARTICLES, known))
        assert (after[0].slug, after[0].score >= least) == ("returns", True)
        assert all(passage.score < 0.1 for passage in before)


def test_short_paragraphs_make_one_passage_and_headings_part_them() -> None:
    article = Article("a", "en", "A", "One.\n\nTwo.\n\n## More\n\nThree.", "x")
    assert [(piece.heading, piece.text) for piece in pieces(article)] == [("", "One.\n\nTwo."), ("More", "Three.")]


def test_forms_of_a_word_meet() -> None:
    assert len({stem(word) for word in ("ship", "ships", "shipped", "shipping")}) == 1
    assert len({stem(word) for word in ("delivery", "deliveries", "delivered")}) == 1
    assert stem("care") != stem("car")


def test_words_that_say_nothing_are_left_out() -> None:
    assert terms("What is the …") == []
    assert terms("请问怎么") == []


class Alike:
    """An encoder for which all that speaks of water is alike."""

    name = "all-MiniLM-L6-v2-int8:test"

    def knows(self, text: str) -> bool:
        return text.isascii()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        wet = ("flood", "rain", "linen", "wash")
        return np.array([[1.0, 0.0] if any(word in text.lower() for word in wet) else [0.0, 1.0] for text in texts])


def test_an_encoder_finds_what_shares_no_word() -> None:
    assert Index(ARTICLES, Alike()).search("flood", "en")[0].slug == "linen"


def test_an_encoder_without_fitted_numbers_is_left_aside() -> None:
    unknown = type("Unknown", (Alike,), {"name": "nobody-knows"})()
    expected = [passage.score for passage in Index(ARTICLES).search("flood", "en")]
    assert [passage.score for passage in Index(ARTICLES, unknown).search("flood", "en")] == expected


def test_an_article_is_encoded_once() -> None:
    seen: list[str] = []

    class Counting(Alike):
        def encode(self, texts: Sequence[str]) -> np.ndarray:
            seen.extend(texts)
            return super().encode(texts)

    remembering = Remembering(Counting())
    Index(ARTICLES, remembering)
    before = len(seen)
    Index(ARTICLES, remembering)
    assert len(seen) == before


def test_most_questions_find_their_article_and_few_are_answered_that_should_not_be() -> None:
    """Every third question; the bounds are below what `benchmarks/knowledge.py` prints without an encoder.

    So articles may be edited.
    """
    index = Index(read_articles(ROOT / "data" / "knowledge"))
    found = figures([ask(index, question) for question in read_questions()[::3]])
    assert found["recall_at_1"] >= 0.74
    assert found["recall_at_3"] >= 0.87
    assert found["answered_right"] >= 0.33
    assert found["false_answers"] <= 0.03
