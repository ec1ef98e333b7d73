"""An order is found by what is in it and by its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crm_core.orders.described import Description, fitting
from crm_core.records.shop import Money, Order, OrderItem

PRICE = Money(100, "USD")
TUESDAY, WEEK = date(2026, 2, 24), (date(2026, 2, 23), date(2026, 3, 1))


def order(number: str, day: date, *items: tuple[str, str, str], delivered: date | None = None) -> Order:
    lines = tuple(OrderItem(sku, title, 1, PRICE, None, title_zh) for sku, title, title_zh in items)
    arrived = datetime(delivered.year, delivered.month, delivered.day, 9, tzinfo=UTC) if delivered else None
    placed = datetime(day.year, day.month, day.day, 20, tzinfo=UTC)
    return Order(number, number, "c", "delivered", placed, PRICE, None, None, None, None, arrived, lines)


HEADPHONES = ("EL1", "Over-ear Headphones, black", "头戴式耳机（黑色）")
LAMP = ("HO1", "Bamboo Desk Lamp", "竹制台灯")
ORDERS = [
    order("RP3", TUESDAY + timedelta(3), LAMP),
    order("RP2", TUESDAY, HEADPHONES, LAMP),
    order("RP1", TUESDAY - timedelta(30), HEADPHONES, delivered=TUESDAY - timedelta(20)),
]


@pytest.mark.parametrize(
    ("text", "days", "numbers"),
    [
        ("the headphones I bought last tuesday", [(TUESDAY, TUESDAY)], ["RP2"]),
        ("上周二买的耳机", [(TUESDAY, TUESDAY)], ["RP2"]),
        ("where are my headphones", [], ["RP2", "RP1"]),
        ("the lamp from last week", [WEEK], ["RP3", "RP2"]),
        ("what I ordered last week", [WEEK], ["RP3", "RP2"]),
        ("上周买的东西", [WEEK], ["RP3", "RP2"]),
        ("it arrived on the 4th", [(TUESDAY - timedelta(20),) * 2], ["RP1"]),
        ("the lamp I bought on the 4th", [(TUESDAY - timedelta(20),) * 2], ["RP3", "RP2"]),
        ("will it be here on tuesday", [(TUESDAY, TUESDAY)], []),
        ("where is my order", [], []),
        ("the kettle", [], []),
        ("", [], []),
    ],
)
def test_orders_fit_by_item_and_day(text: str, days: list[tuple[date, date]], numbers: list[str]) -> None:
    found = fitting(ORDERS, Description(text, days=tuple(days)), "UTC")
    assert [one.number for one in found] == numbers


def test_a_product_that_was_recognised_counts_whatever_it_was_called() -> None:
    found = fitting(ORDERS, Description("the cans", frozenset({"EL1"})), "UTC")
    assert [one.number for one in found] == ["RP2", "RP1"]


def test_the_day_is_that_of_the_shop() -> None:
    said = Description("what I bought", days=((TUESDAY + timedelta(1),) * 2,))
    assert [one.number for one in fitting(ORDERS, said, "Asia/Shanghai")] == ["RP2"]
    assert fitting(ORDERS, said, "UTC") == []
