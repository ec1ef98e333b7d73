"""Words that mean the same are one concept, in either language."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant.components import concepts
from bot.assistant.components.concepts import Concepts

CONCEPTS = Concepts.read(Path(concepts.__file__).with_name("concepts.yml"))


@pytest.mark.parametrize("text", ["cancelling it", "cancelled", "call off my order", "撤销订单", "订单取消一下"])
def test_one_concept_has_many_words(text: str) -> None:
    assert "cancel" in CONCEPTS.of(text)


@pytest.mark.parametrize(
    ("text", "concept"), [("recorder", "order"), ("billion", "invoice"), ("shipwreck", "delivery"), ("payload", "pay")]
)
def test_a_part_of_another_word_is_no_concept(text: str, concept: str) -> None:
    assert concept not in CONCEPTS.of(text)


def test_both_languages_give_the_same_concepts() -> None:
    assert {"refund", "where"} <= set(CONCEPTS.of("where is my refund")) & set(CONCEPTS.of("我的退款到哪里了"))


def test_two_concepts_that_stand_together_are_a_third() -> None:
    assert CONCEPTS.pairs("refund my parcel") == ["parcel", "refund", "parcel+refund"]


def test_a_list_may_have_chinese_words_only() -> None:
    assert Concepts({"refund": ["退款"]}).of("refund me") == []
