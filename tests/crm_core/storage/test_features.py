"""Features are what was known at a moment, and the same on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pandas as pd
import pytest

from crm_core.crm import Crm
from crm_core.storage import features, purchases
from crm_core.storage.labelled_feedback import labelled
from tests.crm_core.use_cases.ledger import Ledger


@pytest.fixture
def ledger(any_crm: Crm) -> Ledger:
    return Ledger(any_crm)


def known_at(ledger: Ledger, moment: datetime, size: int = 100) -> pd.DataFrame:
    ledger.flush()
    with ledger.crm.database.reading() as connection:
        found = list(features.frames(connection, moment, size))
    return pd.concat(found) if found else pd.DataFrame(columns=list(features.COLUMNS))


def ago(ledger: Ledger, days: float) -> datetime:
    return ledger.now - timedelta(days=days)


def test_orders_are_counted_by_how_long_ago_they_were(ledger: Ledger) -> None:
    who = ledger.customer()
    for days in (10, 60, 200, 500):
        ledger.order(who, ago(ledger, days), skus=("P00", "P01") if days == 10 else ("P00",))
    row = known_at(ledger, ledger.now).loc[who]
    assert (row["orders"], row["orders_30"], row["orders_90"], row["orders_365"]) == (4, 1, 2, 3)
    assert (row["days_since_order"], row["tenure_days"]) == pytest.approx((10, 500))
    assert (row["products"], row["items"]) == (2, 5)


def test_nothing_that_happened_later_is_known(ledger: Ledger) -> None:
    who, moment = ledger.customer(), ago(ledger, 30)
    ledger.order(who, ago(ledger, 40))
    ledger.order(who, moment)
    ledger.visit(who, ago(ledger, 35))
    ledger.visit(who, ago(ledger, 5))
    row = known_at(ledger, moment).loc[who]
    assert (row["orders"], row["views_7"]) == (1, 1)
    assert row["days_since_visit"] == pytest.approx(5)


def test_an_event_that_reached_us_later_was_not_known(ledger: Ledger) -> None:
    who = ledger.customer()
    ledger.visit(who, ago(ledger, 40), received=ago(ledger, 10))
    assert who not in known_at(ledger, ago(ledger, 30)).index
    assert who in known_at(ledger, ledger.now).index


def test_money_counts_in_average_orders_of_its_currency(ledger: Ledger) -> None:
    rich, poor, both = ledger.customer(), ledger.customer(), ledger.customer()
    ledger.order(rich, ago(ledger, 5), 3000, "USD")
    ledger.order(poor, ago(ledger, 5), 1000, "USD")
    ledger.order(both, ago(ledger, 5), 2000, "USD")
    ledger.order(both, ago(ledger, 4), 90_000, "JPY")
    ledger.order(both, ago(ledger, 3), 110_000, "JPY")
    frame = known_at(ledger, ledger.now)
    assert frame["spent"].to_dict() == pytest.approx({rich: 1.5, poor: 0.5, both: 3.0})
    assert (frame.loc[both, "currency"], frame.loc[both, "spent_minor"], frame.loc[both, "orders"]) == (
        "JPY",
        200_000,
        3,
    )


def test_cancellation_notes_are_no_orders(ledger: Ledger) -> None:
    who = ledger.customer()
    ledger.order(who, ago(ledger, 5), -1000)
    assert who not in known_at(ledger, ledger.now).index


def test_somebody_who_only_looks_has_no_days_since_an_order(ledger: Ledger) -> None:
    who = ledger.customer()
    ledger.visit(who, ago(ledger, 3), "Product Added")
    row = known_at(ledger, ledger.now).loc[who]
    assert pd.isna(row["days_since_order"])
    assert (row["orders"], row["carts_7"], row["sessions_30"]) == (0, 1, 1)


def test_nobody_who_refuses_profiling_is_looked_at_until_the_word_is_taken_back(ledger: Ledger) -> None:
    refuses, agrees = ledger.customer(), ledger.customer()
    for who, last in ((refuses, False), (agrees, True)):
        ledger.order(who, ago(ledger, 5))
        ledger.consent(who, not last, ago(ledger, 9))
        ledger.consent(who, last, ago(ledger, 8))
    assert known_at(ledger, ledger.now).index.tolist() == [agrees]


def test_erased_and_merged_customers_are_left_out(ledger: Ledger) -> None:
    for status in ("erased", "merged"):
        ledger.order(ledger.customer(status), ago(ledger, 5))
    assert known_at(ledger, ledger.now).empty


def test_batches_together_are_the_whole_and_each_is_small(ledger: Ledger) -> None:
    everybody = [ledger.customer() for _ in range(7)]
    for number, who in enumerate(everybody):
        ledger.order(who, ago(ledger, 5 + number))
    whole, pieces = known_at(ledger, ledger.now), known_at(ledger, ledger.now, size=3)
    pd.testing.assert_frame_equal(whole, pieces)
    assert len(whole) == 7


def test_what_was_bought_in_a_window_counts_for_that_window_only(ledger: Ledger) -> None:
    who = ledger.customer()
    for days in (31, 30, 1):
        ledger.order(who, ago(ledger, days))
    ledger.flush()
    with ledger.crm.database.reading() as connection:
        bought = features.bought_between(connection, ago(ledger, 30), ago(ledger, 1))
    assert bought.to_dict() == {who: pytest.approx(1.0)}


def test_what_is_known_ends_with_the_newest_order_and_never_in_the_future(ledger: Ledger) -> None:
    who = ledger.customer()
    ledger.order(who, ago(ledger, 400))
    ledger.order(who, ago(ledger, 300))
    ledger.order(who, ago(ledger, -3))
    ledger.flush()
    with ledger.crm.database.reading() as connection:
        known = features.observed(connection, ledger.now)
    assert known is not None
    assert (known.since, known.until) == (ago(ledger, 400), ago(ledger, 300) + timedelta(seconds=1))


def test_an_empty_shop_knows_nothing(ledger: Ledger) -> None:
    with ledger.crm.database.reading() as connection:
        assert features.observed(connection, ledger.now) is None
        assert features.sample(connection, ledger.now).empty
        assert purchases.lines(connection, ledger.now).empty
        assert purchases.catalogue(connection).empty


def test_purchases_name_the_customer_unless_there_is_none_or_profiling_is_refused(ledger: Ledger) -> None:
    known, refuses = ledger.customer(), ledger.customer()
    ledger.consent(refuses, False, ago(ledger, 9))
    kept = ledger.order(known, ago(ledger, 3), skus=("P00", "P01"))
    others = [ledger.order(who, ago(ledger, 2), skus=("P02",)) for who in (None, refuses)]
    ledger.order(known, ago(ledger, -1))
    ledger.flush()
    with ledger.crm.database.reading() as connection:
        lines = purchases.lines(connection, ledger.now)
    found = set(lines[["customer", "order", "sku"]].itertuples(index=False, name=None))
    assert found == {(known, kept, "P00"), (known, kept, "P01"), *((order, order, "P02") for order in others)}


def test_only_labels_that_people_gave_are_learned_from_and_erased_texts_are_gone(ledger: Ledger) -> None:
    ledger.feedback("late again", "delivery", "negative")
    ledger.feedback("read by a model", "price", "positive", model_version="feedback-1")
    ledger.feedback("not labelled", None, None)
    erased = ledger.feedback("forget me", "service", "negative")
    ledger.flush()
    with ledger.crm.database.writing() as connection:
        ledger.crm._context.keys.destroy(connection, erased)
    with ledger.crm.database.reading() as connection:
        assert labelled(connection, ledger.crm._context.keys) == [("late again", "en", "delivery", "negative")]
