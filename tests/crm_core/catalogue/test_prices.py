"""Limits of price in both languages."""

from __future__ import annotations

import pytest

from crm_core.catalogue.numbers import read_number
from crm_core.catalogue.wishes import read_wish


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("headphones under $30", None, 30),
        ("a mug for no more than 12.50 dollars", None, 12.5),
        ("shoes up to 1,200", None, 1200),
        ("anything below 25 bucks?", None, 25),
        ("a lamp, max 40", None, 40),
        ("tents over 100 dollars", 100, None),
        ("at least 50", 50, None),
        ("a lamp between 20 and 40 dollars", 20, 40),
        ("gifts for $20-$30", 20, 30),
        ("pillows around 40", 30, 50),
        ("50元以下的杯子", None, 50),
        ("五十块以内的杯子", None, 50),
        ("不超过200元的耳机", None, 200),
        ("预算300左右", 225, 375),
        ("一百到两百元的礼物", 100, 200),
        ("超过100元的", 100, None),
        ("不要超过100元的", None, 100),
        ("不低于80块的", 80, None),
        ("两百五以下", None, 250),
    ],
)
def test_a_limit_of_price_is_understood(text: str, least: float | None, most: float | None) -> None:
    wish = read_wish(text)
    assert (wish.min_price, wish.max_price) == (least, most)


@pytest.mark.parametrize(
    "text",
    ["a toy for kids under 3 years", "a bag under 55 cm", "bottle over 500 ml", "3岁以下的玩具", "500毫升以上的水壶"],
)
def test_ages_and_measures_are_no_prices(text: str) -> None:
    wish = read_wish(text)
    assert (wish.min_price, wish.max_price) == (None, None)


def test_the_limit_is_no_longer_among_the_words() -> None:
    assert read_wish("do you have mugs under 30 dollars?").words == ("mug",)
    assert "50" not in read_wish("有没有50元以下的杯子").words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,200", 1200),
        ("十五", 15),
        ("两百五", 250),
        ("一千二百", 1200),
        ("3百", 300),
        ("一百零五", 105),
        ("abc", None),
    ],
)
def test_numbers_are_read_in_digits_and_characters(text: str, number: float | None) -> None:
    assert read_number(text) == number
