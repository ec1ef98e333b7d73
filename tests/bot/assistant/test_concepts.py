"""Words that mean the same are one concept, in either language."""

from __future__ import annotations

import pytest

from bot.assistant.components.concepts import concepts_of


@pytest.mark.parametrize("text", ["cancelling it", "cancelled", "call off my order", "撤销订单", "订单取消一下"])
def test_one_concept_has_many_words(text: str) -> None:
    assert "cancel" in concepts_of(text)


@pytest.mark.parametrize(
    ("text", "concept"), [("recorder", "order"), ("billion", "invoice"), ("shipwreck", "delivery"), ("payload", "pay")]
)
def test_a_part_of_another_word_is_no_concept(text: str, concept: str) -> None:
    assert concept not in concepts_of(text)


def test_both_languages_give_the_same_concepts() -> None:
    assert {"refund", "where"} <= set(concepts_of("where is my refund")) & set(concepts_of("我的退款到哪里了"))
