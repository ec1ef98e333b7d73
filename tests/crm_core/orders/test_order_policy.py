"""What may still be done with an order depends on how far it is, and for returns on how long ago it came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import OrderNotChangeable
from crm_core.orders import policy
from crm_core.records.shop import Money, Order

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
STATUSES = ["placed", "paid", "packed", "shipped", "delivered", "cancelled", "returned"]


def order(status: str, *, delivered_days_ago: float | None = None, expected_days_ago: float | None = None) -> Order:
    delivered = None if delivered_days_ago is None else NOW - timedelta(days=delivered_days_ago)
    expected = None if expected_days_ago is None else NOW - timedelta(days=expected_days_ago)
    placed = NOW - timedelta(days=400)
    return Order("1", "RP1", "c", status, placed, Money(100, "USD"), None, None, None, expected, delivered)


@pytest.mark.parametrize("status", ["placed", "paid", "packed"])
def test_what_has_not_been_shipped_can_be_cancelled_and_redirected(status):
    policy.check(order(status), "cancel", NOW)
    policy.check(order(status), "address", NOW)


@pytest.mark.parametrize("kind", ["cancel", "address"])
@pytest.mark.parametrize("status", ["shipped", "delivered", "cancelled", "returned"])
def test_what_has_been_shipped_cannot_and_the_reason_is_said(kind, status):
    with pytest.raises(OrderNotChangeable) as refusal:
        policy.check(order(status), kind, NOW)
    assert refusal.value.why == status


@pytest.mark.parametrize(
    ("given_order", "why"),
    [
        (order("paid"), "not_shipped"),
        (order("shipped"), "not_delivered"),
        (order("cancelled"), "cancelled"),
        (order("returned"), "returned"),
        (order("delivered", delivered_days_ago=30.01), "window_over"),
        (order("delivered"), "window_over"),  # delivered nobody knows when, ordered long ago
    ],
)
def test_what_cannot_come_back_says_why(given_order, why):
    with pytest.raises(OrderNotChangeable) as refusal:
        policy.check_returnable(given_order, NOW)
    assert refusal.value.why == why


@given(st.floats(min_value=0, max_value=30))
def test_a_delivered_order_can_come_back_for_thirty_days(days):
    policy.check_returnable(order("delivered", delivered_days_ago=days), NOW)


@given(st.sampled_from(STATUSES), st.floats(min_value=0, max_value=500))
def test_nothing_can_be_both_cancelled_and_returned(status, days):
    allowed = 0
    for kind in ("cancel", "return"):
        try:
            policy.check(order(status, delivered_days_ago=days), kind, NOW)
            allowed += 1
        except OrderNotChangeable:
            pass
    assert allowed <= 1


def test_a_parcel_is_late_a_day_after_it_should_have_come():
    assert policy.delivery_state(order("shipped", expected_days_ago=0.9), NOW) == "shipped"
    assert policy.delivery_state(order("shipped", expected_days_ago=1.1), NOW) == "late"
    assert policy.delivery_state(order("delivered", expected_days_ago=9), NOW) == "delivered"
    assert policy.delivery_state(order("shipped"), NOW) == "shipped"
