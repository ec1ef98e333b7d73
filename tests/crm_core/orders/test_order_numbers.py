"""Order numbers are read in whatever spelling they come."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import InvalidInput
from crm_core.orders.numbers import find_number, means_latest, read_number


@pytest.mark.parametrize("text", ["RP100234", "rp100234", "#RP100234", "RP-100 234", " ＲＰ１００２３４ ", "rp_100234"])
def test_one_number_has_one_spelling(text):
    assert read_number(text) == "RP100234"


@pytest.mark.parametrize("text", ["", "my order", "RP", "12", "RP100234; DROP TABLE orders", "1" * 40])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(InvalidInput):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("it's RP100234 I think", "RP100234"),
        ("RP100234, no sorry, rp 100235", "RP100235"),
        ("it is 100235", "100235"),
        ("订单号是RP100234，谢谢", "RP100234"),
        ("the number is 536365", "536365"),
        ("C536379", "C536379"),
        ("call me at 13812345678", None),
        ("anna99@example.com", None),
        ("I don't know", None),
    ],
)
def test_the_last_number_in_a_sentence_counts(text, number):
    assert find_number(text) == number


@given(st.integers(min_value=100000, max_value=9999999999), st.sampled_from(["RP", "", "AB"]))
def test_reading_twice_changes_nothing(digits, prefix):
    assert read_number(read_number(f"{prefix}{digits}")) == read_number(f"{prefix}{digits}") == f"{prefix}{digits}"


@given(st.text(max_size=200))
def test_no_text_breaks_the_search(text):
    found = find_number(text)
    assert found is None or read_number(found) == found


@pytest.mark.parametrize("text", ["what I bought last Tuesday", "last week's order", "the order of last month"])
def test_last_before_a_day_is_not_the_latest_order(text: str) -> None:
    assert not means_latest(text)
