"""A language model's words are given only where they say what the passage says."""

from __future__ import annotations

import pytest

from crm_core.knowledge.rephrasing_guard import refusal

RETURNS = (
    "You can send back anything unused within 30 days of delivery. Sale items cannot be returned. "
    "We pay the money back to your card within 5 working days; return shipping costs $4.90."
)
QUESTION = "I bought a lamp, how long may I keep it before sending it back?"
RETURNS_ZH = "签收后三十天内，未使用的商品可以退回。特价商品不能退。退款在5个工作日内原路返回，退货运费25元。"
QUESTION_ZH = "我买的台灯多久以内可以退"


@pytest.mark.parametrize(
    "answer",
    [
        "You have 30 days from delivery to send the lamp back, as long as it is unused.",
        "Yes, you can send it back within 30 days of delivery. Return shipping costs $4.90.",
        "You can send back anything unused within 30 days of delivery, but sale items cannot be returned.",
    ],
)
def test_the_passage_in_other_words_is_given(answer: str) -> None:
    assert refusal(RETURNS, answer, QUESTION, "en") is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("  ", "empty"),
        (f"{RETURNS} {RETURNS}", "too_long"),
        ("签收后三十天内可以退回。", "language"),
        ("You have 60 days to send the lamp back.", "number"),
        ("You have thirty-five days to send the lamp back.", "number"),
        ("Send it back within 30 days; return shipping costs $5.90.", "number"),
        ("Send it back within 30 days; return shipping costs €4.90.", "sum"),
        ("Send it back within 30 days at https://returns.example.com.", "link"),
        ("Send it back within 30 days, write to help@shop.com.", "link"),
        ("You can always send the lamp back within 30 days.", "promise"),
        ("Send it back within 30 days of delivery, we guarantee it.", "promise"),
        ("Send it back within 30 days of delivery; returns are free.", "promise"),
        ("Send the lamp back by Friday, within 30 days.", "promise"),
        ("Send it back with DHL within 30 days of delivery.", "name"),
        ("Ask Peter to send it back within 30 days of delivery.", "name"),
        ("Hermes sends it back within 30 days of delivery.", "name"),
        ("You cannot send back anything unused within 30 days of delivery.", "negation"),
        ("Sale items can be returned.", "negation"),
        ("The lamp has a bright bulb, a bamboo stand and a switch, and goes well with a desk.", "invented"),
    ],
)
def test_what_the_passage_does_not_say_is_refused(answer: str, reason: str) -> None:
    assert refusal(RETURNS, answer, QUESTION, "en") == reason


@pytest.mark.parametrize(
    "answer", ["台灯未使用的话，签收后三十天内可以退回。", "可以的，签收后三十天内可以退，退货运费25元。"]
)
def test_the_chinese_passage_in_other_words_is_given(answer: str) -> None:
    assert refusal(RETURNS_ZH, answer, QUESTION_ZH, "zh") is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("签收后六十天内可以退回台灯。", "number"),
        ("签收后三十天内可以退，运费20元。", "number"),
        ("签收后三十天内可以免费退回。", "promise"),
        ("签收后三十天内保证可以退回。", "promise"),
        ("签收后三十天内可以退，请寄顺丰速运。", "name"),
        ("签收后三十天内可以退，请用 DHL 寄回。", "name"),
        ("特价商品可以退。", "negation"),
        ("You can send it back within thirty days.", "language"),
        ("台灯采用竹制底座，光线柔和，适合书桌和床头使用。", "invented"),
    ],
)
def test_what_the_chinese_passage_does_not_say_is_refused(answer: str, reason: str) -> None:
    assert refusal(RETURNS_ZH, answer, QUESTION_ZH, "zh") == reason


def test_numbers_and_names_of_the_question_are_not_the_passages() -> None:
    assert refusal(RETURNS, "You can send it back within 90 days.", "is it 90 days?", "en") == "number"
    assert refusal(RETURNS, "You can send it back to Paul within 30 days.", "to Paul?", "en") == "name"
