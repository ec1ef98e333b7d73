"""Orders meant by their place, price or a piece of their number; addresses and kinds meant in a correction."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_core.orders.addresses import means_address_before
from crm_core.orders.kinds import corrected_kind
from crm_core.orders.places import read_place
from crm_core.orders.references import corrects, means_other, other_than, referred
from crm_core.records.shop import Money, Order


def order(number: str, day: int, minor: int) -> Order:
    placed = datetime(2026, 5, day, tzinfo=UTC)
    return Order(
        id=number,
        number=number,
        customer_id="c",
        status="paid",
        placed_at=placed,
        total=Money(minor, "USD"),
        payment_method=None,
        carrier=None,
        tracking_number=None,
        expected_at=None,
        delivered_at=None,
        items=[],
    )


SHOWN = [order("RP100234", 9, 9_000), order("RP100877", 5, 2_000), order("RP555001", 1, 50_000)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("the second one", "RP100877"),
        ("第二个", "RP100877"),
        ("2", "RP100877"),
        ("the last one", "RP555001"),
        ("最后一个", "RP555001"),
        ("the cheaper one", "RP100877"),
        ("便宜的那个", "RP100877"),
        ("贵的那单", "RP555001"),
        ("the older one", "RP555001"),
        ("最近的那个", "RP100234"),
        ("ends with 877", "RP100877"),
        ("尾号555", "RP555001"),
        ("it's 1002", "RP100234"),
    ],
)
def test_an_order_is_meant_without_its_number(text: str, number: str) -> None:
    chosen = referred(text, SHOWN)
    assert chosen is not None
    assert chosen.number == number


@pytest.mark.parametrize("text", ["100", "the sixth one", "that one", "哪个", "my order", "the blue one"])
def test_what_is_not_clear_means_none(text: str) -> None:
    assert referred(text, SHOWN) is None


def test_of_no_orders_none_is_meant() -> None:
    assert referred("the second one", []) is None


@pytest.mark.parametrize("text", ["no, the other order", "not this order", "另外一单", "不是这个订单", "订单选错了"])
def test_another_order_is_meant(text: str) -> None:
    assert means_other(text)


def test_the_other_one_is_an_order_only_where_nothing_else_can_be_meant() -> None:
    assert means_other("no, the other one", bare=True)
    assert not means_other("no, the other one")
    assert not means_other("I got the wrong item")


def test_of_two_orders_the_other_is_clear() -> None:
    assert other_than("RP100234", SHOWN[:2]) == SHOWN[1]
    assert other_than("RP100234", SHOWN) is None


@pytest.mark.parametrize("text", ["I meant 10023", "sorry, 100877", "不是，应该是555", "no, RP100877"])
def test_a_correction_is_told(text: str) -> None:
    assert corrects(text)


@pytest.mark.parametrize(("text", "place"), [("first", 0), ("the 3rd one", 2), ("第三", 2), ("number two", 1)])
def test_a_place_is_read(text: str, place: int) -> None:
    assert read_place(text, 3) == place


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("actually make it the refund, not the exchange", "refund"),
        ("sorry, I meant exchange instead of return", "exchange"),
        ("不要退款，换货吧", "exchange"),
        ("不是换货，是退款", "refund"),
        ("refund or exchange?", None),
        ("what about the shipping", None),
    ],
)
def test_the_kind_that_a_correction_wants(text: str, kind: str | None) -> None:
    assert corrected_kind(text) == kind


@pytest.mark.parametrize(
    "text",
    [
        "same address as last time",
        "the same as before",
        "to my usual address",
        "send it to the same place as my last order",
        "跟上次一样的地址",
        "寄到上次的地址",
        "老地方",
        "和之前一样",
    ],
)
def test_the_address_of_an_earlier_order_is_meant(text: str) -> None:
    assert means_address_before(text)


@pytest.mark.parametrize("text", ["12 Hill Road, Leeds LS1 4AB", "上海市浦东新区世纪大道100号", "a new address"])
def test_an_address_is_none_of_before(text: str) -> None:
    assert not means_address_before(text)
