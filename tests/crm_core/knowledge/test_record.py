"""What a kept question no longer tells."""

from __future__ import annotations

import pytest

from crm_core.knowledge.record import for_the_record


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("can I change the address of RP100234?", "can I change the address of ***?"),
        ("订单100234能改地址吗", "订单***能改地址吗"),
        ("write to anna@example.com please", "write to a***@example.com please"),
        ("is 100 dollars enough for 2026-01-31?", "is 100 dollars enough for 2026-01-31?"),
        ("满10000元有折扣吗", "满10000元有折扣吗"),
    ],
)
def test_numbers_that_name_somebody_are_masked_and_others_stay(text: str, kept: str) -> None:
    assert for_the_record(text) == kept


def test_a_very_long_question_is_cut() -> None:
    assert len(for_the_record("why " * 1000)) == 600
