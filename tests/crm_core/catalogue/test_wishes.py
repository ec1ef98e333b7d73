"""What is asked for, what should change, and which of the cards is meant."""

from __future__ import annotations

import pytest

from crm_core.catalogue.wishes import points, read_choice, read_refinement, read_wish


@pytest.mark.parametrize(
    "text", ["do you have something?", "i want to look for a product", "帮我找个东西", "有什么推荐吗", "?"]
)
def test_a_question_that_names_nothing_says_nothing(text: str) -> None:
    assert not read_wish(text).says_something


@pytest.mark.parametrize("text", ["cheaper please", "that's too expensive", "太贵了", "有便宜点的吗"])
def test_cheaper_is_understood(text: str) -> None:
    assert read_refinement(text).cheaper


@pytest.mark.parametrize("text", ["something else", "not that one", "换一个", "还有别的吗"])
def test_something_else_is_understood(text: str) -> None:
    refinement = read_refinement(text)
    assert refinement.other
    assert not refinement.cheaper


def test_a_change_may_bring_its_own_words_and_price() -> None:
    refinement = read_refinement("not that, something blue under 20 dollars")
    assert refinement.wish.words == ("blue",)
    assert refinement.wish.max_price == 20


@pytest.mark.parametrize("text", ["something like the wool blanket", "跟这个类似的", "what goes well with it"])
def test_a_wish_for_something_alike_is_understood(text: str) -> None:
    assert read_wish(text).alike


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("the second one", 1),
        ("第一个", 0),
        ("number 3 please", 2),
        ("最后一个", 2),
        ("is it in stock", None),
        ("a mug", None),
    ],
)
def test_a_card_is_pointed_at(text: str, position: int | None) -> None:
    assert read_choice(text, 3) == position


def test_nothing_is_pointed_at_when_nothing_was_shown() -> None:
    assert read_choice("the first one", 0) is None


@pytest.mark.parametrize("text", ["is it in stock", "how much is this one", "这款多少钱", "它还有货吗"])
def test_something_on_the_screen_is_spoken_of(text: str) -> None:
    assert points(text)
    assert not points("a red mug")
