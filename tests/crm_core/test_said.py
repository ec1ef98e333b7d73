"""Announcements and what they announce."""

from __future__ import annotations

import pytest

from crm_core.said import asks, says_more


@pytest.mark.parametrize(
    "text",
    [
        "I want to complain",
        "i'd like to make a complaint about your service",
        "I have a suggestion",
        "can I leave a review?",
        "我要投诉",
        "我想提点意见",
        "我有个建议",
        "在哪里投诉",
    ],
)
def test_an_announcement_says_nothing_of_its_own(text: str) -> None:
    assert not says_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "I want to complain, my mug arrived broken",
        "the driver was rude",
        "you should offer gift wrapping",
        "我要投诉，杯子收到就是碎的",
        "快递员态度很差",
        "建议你们增加礼品包装",
    ],
)
def test_what_happened_is_noticed(text: str) -> None:
    assert says_more(text)


@pytest.mark.parametrize("text", ["where is my order", "your driver was rude?", "我的订单到哪了", "还有货吗"])
def test_a_question_is_noticed(text: str) -> None:
    assert asks(text)
    assert not asks("the driver was rude")
