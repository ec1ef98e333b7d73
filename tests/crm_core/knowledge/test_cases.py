"""The answered questions that are most like a new one."""

from __future__ import annotations

from crm_core.knowledge.cases import most_alike

KNOWN = [
    "can I return a shirt that I washed",
    "how long does a refund take",
    "do you sell gift cards",
    "hm?",
    "when do I get my money back for the refund",
]


def test_the_most_alike_come_first_and_the_others_not_at_all() -> None:
    assert most_alike("how long until I get the refund?", KNOWN)[0] in (1, 4)
    assert most_alike("may I return a washed shirt", KNOWN)[0] == 0
    assert most_alike("is your shop in Oslo open on Sundays", KNOWN) == []


def test_chinese_cases_are_compared_too() -> None:
    assert most_alike("退款要多长时间", ["茶壶可以退货吗", "退款多长时间到账"])[0] == 1


def test_what_says_nothing_is_like_nothing() -> None:
    assert most_alike("?!", KNOWN) == []
    assert most_alike("refund", []) == []
