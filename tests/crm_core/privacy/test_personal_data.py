"""Personal values in running text are found in both languages, and nothing else is touched."""

from __future__ import annotations

import pytest

from crm_core.privacy.personal_data import mask_personal_data


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的邮箱是li.na@example.cn，电话13800138000，谢谢", "我的邮箱是l***@example.cn，电话***8000，谢谢"),
        ("write to <tom+x@example.co.uk>, please", "write to <t***@example.co.uk>, please"),
        ("call +49 170 555 1234 or (415) 555-0101", "call ***1234 or ***0101"),
        ("card 4111 1111 1111 1111", "card ***1111"),
    ],
)
def test_addresses_and_long_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "order RP100234 for 30 dollars",
        "订单536365怎么样了",
        "it came on 2026-11-22",
        "a@b",
        "size 38, 2 pieces",
        "",
        "👍 \n\n ok",
    ],
)
def test_order_numbers_prices_dates_and_plain_words_stay(text: str) -> None:
    assert mask_personal_data(text) == text


def test_punctuation_behind_a_number_does_not_show_it():
    assert mask_personal_data("call +1 202 555 0143: now") == "call ***0143 now"
    assert mask_personal_data("is it 2026-01-31? or 2026-02-01, then") == "is it 2026-01-31? or 2026-02-01, then"
