"""What customers did is kept by months on PostgreSQL; every rule holds in each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.settings import Settings
from crm_core.storage import interactions as storage
from crm_core.storage import migrations, partitions
from crm_core.storage.database import Database
from crm_core.storage.tables import customers, interactions, subject_keys
from tests.conftest import FakeClock

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ALL = ["interactions_2026_03", "interactions_2026_04", "interactions_2026_05", "interactions_default"]


@pytest.fixture
def crm(settings: Settings, clock: FakeClock, postgres_url: str) -> Iterator[Crm]:
    """The library on a schema of its own, as the first start leaves it."""
    made = Crm(settings.model_copy(update={"database_url": postgres_url}), clock)
    made.migrate()
    yield made
    made.close()


def visit(crm: Crm, at: datetime, external_id: str | None = None) -> bool:
    """Append an interaction of somebody."""
    who = crm.customers.create(source="test")
    with crm.database.writing() as connection:
        return storage.append(connection, row(who, at, external_id))


def row(customer_id: str, at: datetime, external_id: str | None = None) -> dict[str, object]:
    """Give the values of an interaction."""
    return {
        **{"customer_id": customer_id, "name": "Product Viewed", "channel": "web", "source": "shop"},
        **{"external_id": external_id, "properties": {}, "occurred_at": at, "received_at": at},
    }


def where(crm: Crm) -> list[str]:
    """Give the partition of each interaction."""
    with crm.database.reading() as connection:
        found = connection.scalars(sa.text("SELECT tableoid::regclass::text FROM interactions ORDER BY occurred_at"))
        return [name.split(".")[-1] for name in found]


def names(crm: Crm) -> list[str]:
    """Give the partitions that there are."""
    with crm.database.reading() as connection:
        return partitions.partitions(connection)


def test_the_first_start_makes_this_month_and_the_next_two(crm: Crm) -> None:
    assert names(crm) == ALL


def test_each_row_lies_in_its_month_and_all_others_in_the_default(crm: Crm) -> None:
    last = datetime(2026, 3, 31, 23, 59, 59, 999999, tzinfo=UTC)
    for at in (datetime(1999, 1, 1, tzinfo=UTC), NOW, last, last + timedelta(microseconds=1)):
        assert visit(crm, at)
    assert where(crm) == [ALL[3], ALL[0], ALL[0], ALL[1]]


def test_months_are_made_ahead_as_time_goes_on(crm: Crm, clock: FakeClock) -> None:
    assert crm.schema.prepare_months() == []
    clock.advance(days=31)
    assert crm.schema.prepare_months() == ["interactions_2026_06"]
    clock.advance(days=240)
    assert crm.schema.prepare_months()[-1] == "interactions_2027_01"


def test_a_month_that_comes_late_takes_its_rows_out_of_the_default(crm: Crm, clock: FakeClock) -> None:
    visit(crm, datetime(2026, 6, 5, tzinfo=UTC), "m-1")
    visit(crm, datetime(2026, 7, 5, tzinfo=UTC))
    clock.advance(days=31)
    crm.schema.prepare_months()
    assert where(crm) == ["interactions_2026_06", "interactions_default"]
    assert not visit(crm, datetime(2026, 6, 5, tzinfo=UTC), "m-1")


def test_a_month_of_many_imported_rows_gets_a_partition_of_its_own(crm: Crm) -> None:
    for day in (1, 2, 3):
        visit(crm, datetime(2024, 2, 26 + day, tzinfo=UTC))
    with crm.database.writing() as connection:
        assert partitions.add_one(connection, NOW, worth=3) == "interactions_2024_02"
    assert where(crm) == ["interactions_2024_02"] * 3
    with crm.database.writing() as connection:
        assert partitions.add_one(connection, NOW, worth=3) is None


def test_a_message_that_is_sent_again_is_one_row_whatever_its_month(crm: Crm) -> None:
    assert visit(crm, NOW, "m-1")
    assert not visit(crm, NOW + timedelta(days=40), "m-1")
    assert visit(crm, NOW + timedelta(days=40), "m-2")
    assert len(where(crm)) == 2
    with crm.database.reading() as connection:
        assert storage.sent_before(connection, "shop", ["m-1", "m-2", "m-3"]) == {"m-1", "m-2"}
        assert storage.sent_before(connection, "another shop", ["m-1"]) == set()


@pytest.mark.parametrize("table", ["interactions", *ALL])
def test_no_partition_lets_a_row_be_rewritten(crm: Crm, table: str) -> None:
    visit(crm, datetime(1999, 1, 1, tzinfo=UTC))
    for month in (3, 4, 5):
        visit(crm, datetime(2026, month, 9, tzinfo=UTC))
    for change in ("name = 'Order Completed'", "occurred_at = occurred_at + interval '40 days'"):
        with pytest.raises(StorageUnavailable, match="append-only"), crm.database.writing() as connection:
            connection.execute(sa.text(f"UPDATE {table} SET {change}"))


def test_rows_of_before_find_their_months(postgres_url: str) -> None:
    database = Database(postgres_url)
    migrations.upgrade(database, "0014")
    moments = [datetime.now(UTC) - timedelta(days=days) for days in (0, 400, 5000)]
    with database.writing() as connection:
        key = "00000000-0000-7000-8000-000000000001"
        connection.execute(subject_keys.insert().values(id=key, created_at=NOW))
        who = {"id": key, "key_id": key, "status": "active", "attributes": {}}
        connection.execute(customers.insert().values(**who, first_seen_at=NOW, last_seen_at=NOW))
        for number, moment in enumerate(moments):
            mine = {"id": f"00000000-0000-7000-8000-00000000000{number + 2}"}
            connection.execute(interactions.insert().values(**mine, **row(key, moment, f"m-{number}")))
    migrations.upgrade(database)
    with database.reading() as connection:
        kept = connection.execute(sa.select(interactions.c.occurred_at).order_by(interactions.c.occurred_at)).scalars()
        assert list(kept) == sorted(moments)
        months = {f"interactions_{moment:%Y_%m}" for moment in moments[:2]}
        assert set(partitions.partitions(connection)) == {*months, "interactions_default"}
        assert storage.sent_before(connection, "shop", ["m-0", "m-2"]) == {"m-0", "m-2"}
    migrations.downgrade(database, "0014")
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(interactions)) == 3
        assert "interactions_default" not in sa.inspect(connection).get_table_names()
    database.close()
