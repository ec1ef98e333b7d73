"""Many rows at once are the same rows as one after the other, and refused for the same reasons, on both databases."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.storage import bulk
from crm_core.storage.tables import interactions, metadata, orders, products
from tests.crm_core.storage.every_table import TEXT, fill

KATHMANDU = timezone(timedelta(hours=5, minutes=45))
LEAP = datetime(2024, 2, 29, 23, 59, 59, 999999, UTC)
_REFUSED = (StorageUnavailable, sa.exc.IntegrityError)
MOST = 2**63 - 1  # minor units that a column holds


def order(number: str, **values: object) -> dict[str, object]:
    """Give the row of an order."""
    return {
        **{"id": f"00000000-0000-7000-8000-{int(number):012d}", "source": "shop", "number": number},
        **{"customer_id": None, "status": "placed", "placed_at": LEAP, "currency": "EUR", "total_minor": 0},
        **{"payment_method": None, "expected_at": None, "address_encrypted": None, "updated_at": LEAP},
        **values,
    }


def test_each_value_comes_back_as_it_went_in(any_crm: Crm) -> None:
    rows = [
        order("1", total_minor=MOST, address_encrypted=b"\x00\\\n\t\xff"),
        order("2", total_minor=-MOST, payment_method="tab\there, \\N and \\. and a\nline"),
        order("3", payment_method=TEXT[:32], expected_at=datetime(2024, 3, 1, 5, 44, 59, tzinfo=KATHMANDU)),
    ]
    with any_crm.database.writing() as connection:
        bulk.insert(connection, orders, rows)
        found = bulk.orders_by_number(connection, "shop", ["1", "2", "3"])
    for row in rows:
        assert {name: found[str(row["number"])][name] for name in row} == row
    assert found["3"]["expected_at"].isoformat() == "2024-02-29T23:59:59+00:00"


def test_texts_of_any_script_and_nested_values_come_back(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        fill(connection, [products], itertools.count(1))
        row = dict(connection.execute(sa.select(products)).mappings().one())
        texts = {
            "title_zh": TEXT,
            "description_en": "👩\u200d👩\u200d👧 \u200fעברית",
            "attributes": {"尺码": ["大", None, 1.5, True], "🎁": {}},
        }
        again = row | texts | {"id": "00000000-0000-7000-8000-00000000abcd", "sku": "𠮷-1"}
        bulk.insert(connection, products, [again])
        assert bulk.products_by_sku(connection, ["𠮷-1"])["𠮷-1"] == again


def test_a_row_that_is_there_already_is_refused_and_nothing_of_the_rest_stays(any_crm: Crm) -> None:
    with pytest.raises(sa.exc.IntegrityError), any_crm.database.writing() as connection:
        bulk.insert(connection, orders, [order("1"), order("2"), order("1", id=order("9")["id"])])
    with any_crm.database.reading() as connection:
        assert bulk.orders_by_number(connection, "shop", ["1", "2"]) == {}


def test_a_pointer_at_nobody_is_refused(any_crm: Crm) -> None:
    with pytest.raises(sa.exc.IntegrityError), any_crm.database.writing() as connection:
        bulk.insert(connection, orders, [order("1", customer_id=order("7")["id"])])


def test_a_moment_without_a_zone_is_refused(any_crm: Crm) -> None:
    naive = datetime(2024, 2, 29)
    with pytest.raises(ValueError, match="naive"), any_crm.database.writing() as connection:
        bulk.insert(connection, orders, [order("1", placed_at=naive)])


def test_many_interactions_cannot_be_rewritten_either(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        fill(connection, metadata.sorted_tables, itertools.count(1))
        bulk.take_stock(connection)
    with pytest.raises(_REFUSED, match="append-only"), any_crm.database.writing() as connection:
        bulk.change(
            connection,
            interactions,
            [{"id": row.id, "name": "x"} for row in connection.execute(sa.select(interactions.c.id))],
        )


def test_sums_of_money_are_whole_and_the_same(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        bulk.insert(connection, orders, [order(str(number), total_minor=10**15 + number) for number in range(1, 4)])
        total = connection.scalar(sa.select(sa.cast(sa.func.sum(orders.c.total_minor), sa.BigInteger)))
    assert total == 3 * 10**15 + 6


def test_moments_are_compared_across_zones_and_leap_days(any_crm: Crm) -> None:
    moments = [
        LEAP,
        LEAP + timedelta(microseconds=1),
        datetime(2023, 2, 28, 23, 0, tzinfo=UTC),
        datetime(2024, 3, 1, 8, 0, tzinfo=timezone(timedelta(hours=9))),
    ]
    with any_crm.database.writing() as connection:
        bulk.insert(connection, orders, [order(str(n), placed_at=moment) for n, moment in enumerate(moments, 1)])
        in_february = sa.select(orders.c.number).where(
            orders.c.placed_at >= datetime(2024, 2, 1, 9, tzinfo=timezone(timedelta(hours=9))),
            orders.c.placed_at < datetime(2024, 3, 1, tzinfo=UTC),
        )
        assert sorted(connection.scalars(in_february)) == ["1", "4"]
