"""Amounts and dates read naturally in both languages."""

from __future__ import annotations

from datetime import UTC, datetime

from actions.wording import day, listed, money, short_day
from crm_core.records.shop import Money

MAY = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)


def test_money_uses_the_currency_own_number_of_decimals():
    assert money(Money(1290, "USD"), "en") == "$12.90"
    assert money(Money(1290, "JPY"), "en") == "¥1,290"
    assert money(Money(8800, "CNY"), "zh") == "¥88.00"


def test_a_day_is_that_of_the_shop_time_zone():
    assert day(MAY, "en") == "3 May 2026"
    assert day(MAY, "zh", "Asia/Shanghai") == "2026年5月4日"
    assert short_day(MAY, "zh") == "5月3日"


def test_words_are_joined_as_in_a_sentence():
    assert listed(["a", "b", "c"], "en") == "a, b, and c"
    assert listed(["甲", "乙", "丙"], "zh") == "甲、乙和丙"
