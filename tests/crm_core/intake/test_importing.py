"""Files become customers, products, orders, feedback and events, once; what is wrong with a row is told."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, StorageUnavailable
from crm_core.intake import chunks
from crm_core.intake.entities import entity
from crm_core.intake.mapping import Mapping, parse_mapping
from crm_core.intake.report import ImportReport
from crm_core.records.people import SYSTEM
from crm_core.storage import tables

LINES = """number,customer_number,placed_at,status,sku,title,quantity,unit_price,email,country
RP1,C1,2026-02-01T10:00Z,delivered,MUG,Mug,2,5.00,ann@example.com,US
RP1,C1,2026-02-01T10:00Z,delivered,POT,Pot,1,20.00,ann@example.com,US
RP2,,2026-02-03T10:00Z,shipped,MUG,Mug,1,5.00,guest@example.com,US
"""
RETAIL = parse_mapping({"orders": {"cancellation_prefix": "C", "fees": ["POST"], "not_sales": ["BANK"],
                                   "products": {"category": "gifts", "stock": 5}}}, entity("orders"))  # fmt: skip


def load(crm: Crm, path: Path, text: str, kind: str, mapping: Mapping | None = None) -> ImportReport:
    """Write a CSV file and import it."""
    path.write_text(text, "utf-8")
    return crm.intake.run(path, kind, mapping, "shop")


def rows(crm: Crm, table: sa.Table, *order: sa.Column[Any]) -> list[Any]:
    with crm.database.reading() as connection:
        return list(connection.execute(sa.select(table).order_by(*order)))


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.rows_read, report.accepted, report.rejected, report.known


def test_order_lines_become_orders_with_their_customers(any_crm: Crm, tmp_path: Path) -> None:
    report = load(any_crm, tmp_path / "o.csv", LINES, "orders")
    assert counts(report) == (3, 3, 0, 0)
    assert report.created == {"customers": 1, "orders": 2, "items": 3}
    first, second = rows(any_crm, tables.orders, tables.orders.c.number)
    assert (first.total_minor, first.status, first.currency) == (3000, "delivered", "USD")
    assert first.placed_at == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert first.customer_id == any_crm.customers.by_number("C1") == any_crm.customers.find("email", "ann@example.com")
    assert (second.total_minor, second.customer_id) == (500, None)
    assert second.email_index == any_crm._context.keys.vault.blind_index("email", "guest@example.com")


def test_personal_values_are_sealed(crm: Crm, tmp_path: Path) -> None:
    load(crm, tmp_path / "o.csv", LINES, "orders")
    with crm.database.engine.connect() as connection:
        connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    content = (crm.settings.home / "rapport.db").read_bytes()
    assert b"ann@example.com" not in content
    assert b"RP1" in content


@pytest.mark.parametrize("kind", ["orders", "customers", "products", "feedback"])
def test_importing_the_same_file_again_adds_nothing(crm: Crm, tmp_path: Path, kind: str) -> None:
    texts = {
        "orders": LINES,
        "customers": "customer_number,email,name\nC1,a@example.com,Ann\nC2,,Bob\n",
        "products": 'sku,title_en,price,attributes\nMUG,Mug,5.00,"{""colour"": ""red""}"\n',
        "feedback": "customer_number,text,sentiment\n,Too late,negative\n,Lovely,positive\n",
    }
    first = load(crm, tmp_path / "f.csv", texts[kind], kind)
    before = [len(rows(crm, table)) for table in (tables.customers, tables.orders, tables.order_items, tables.feedback)]
    again = load(crm, tmp_path / "f.csv", texts[kind], kind)
    after = [len(rows(crm, table)) for table in (tables.customers, tables.orders, tables.order_items, tables.feedback)]
    assert first.accepted == first.rows_read
    assert counts(again) == (first.rows_read, 0, 0, first.rows_read)
    assert after == before


def test_an_order_that_goes_over_two_chunks_stays_one_order(crm: Crm, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 1)
    load(crm, tmp_path / "o.csv", LINES, "orders")
    first = rows(crm, tables.orders, tables.orders.c.number)[0]
    assert first.total_minor == 3000
    lines = [row.line for row in rows(crm, tables.order_items, tables.order_items.c.line) if row.order_id == first.id]
    assert lines == [1, 2]
    assert counts(load(crm, tmp_path / "o.csv", LINES, "orders"))[1:] == (0, 0, 3)


def test_a_later_export_brings_an_order_s_news(crm: Crm, tmp_path: Path) -> None:
    text = "number,customer_number,placed_at,status,delivered_at\nRP1,C1,2026-02-01,shipped,\n"
    load(crm, tmp_path / "o.csv", text, "orders")
    report = load(crm, tmp_path / "o.csv", text.replace("shipped,", "delivered,2026-02-05"), "orders")
    assert report.accepted == 1
    (order,) = rows(crm, tables.orders)
    assert (order.status, order.delivered_at) == ("delivered", datetime(2026, 2, 5, tzinfo=UTC))


def test_lines_from_a_file_of_their_own_join_their_orders(crm: Crm, tmp_path: Path) -> None:
    load(crm, tmp_path / "o.csv", "number,placed_at,total\nRP1,2026-02-01,9.95\n", "orders")
    load(crm, tmp_path / "p.csv", "sku,title_en,price\nMUG,Blue mug,5\n", "products")
    report = load(crm, tmp_path / "i.csv", "number,sku,quantity,unit_price\nRP1,MUG,1,5\nRP9,MUG,1,5\n", "order_items")
    assert counts(report) == (2, 1, 1, 0)
    assert report.reasons["rejected"] == {"unknown_order": 1}
    (item,) = rows(crm, tables.order_items)
    assert item.title == "Blue mug"
    assert rows(crm, tables.orders)[0].total_minor == 995


def test_rejected_rows_are_told_by_line_column_value_and_reason(crm: Crm, tmp_path: Path) -> None:
    bad = LINES + "RP3,C1,soon,paid,MUG,Mug,1,5.00,,\nRP4,C1,2026-02-02,paid,=MUG,Mug,two,5.00,,\nRP5\n"
    report = load(crm, tmp_path / "o.csv", bad, "orders")
    assert counts(report) == (6, 3, 3, 0)
    assert report.rejects is not None
    with report.rejects.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.DictReader(file))
    told = [(row["rejected_line"], row["rejected_column"], row["rejected_value"]) for row in found]
    assert told == [("7", "", "1 / 10"), ("5", "placed_at", "soon"), ("6", "quantity", "two")]
    assert found[1]["rejected_reason"] == "not a date that can be read"
    assert found[2]["sku"] == "'=MUG"


def test_mended_rejects_can_be_imported(crm: Crm, tmp_path: Path) -> None:
    report = load(crm, tmp_path / "o.csv", LINES + "RP1,C1,2026-02-01T10:00Z,delivered,=PAN,Pan,one,7.00,,\n", "orders")
    assert report.rejects is not None
    mended = tmp_path / "mended.csv"
    mended.write_text(report.rejects.read_text("utf-8-sig").replace("Pan,one", "Pan,1"), "utf-8")
    assert counts(crm.intake.run(mended, "orders", None, "shop")) == (1, 1, 0, 0)
    assert rows(crm, tables.orders, tables.orders.c.number)[0].total_minor == 3700
    assert "=PAN" in {row.sku for row in rows(crm, tables.order_items)}
    assert counts(crm.intake.run(mended, "orders", None, "shop")) == (1, 0, 0, 1)


def test_a_bad_value_that_is_not_needed_is_dropped_and_the_row_kept(crm: Crm, tmp_path: Path) -> None:
    text = "customer_number,email,birth_year,country\nC1,nonsense,1830,Atlantis\n"
    report = load(crm, tmp_path / "c.csv", text, "customers")
    assert (report.accepted, report.repaired) == (1, 1)
    assert report.reasons["repaired"] == {"email_dropped": 1, "birth_year_dropped": 1, "country_dropped": 1}


def test_cancellations_are_matched_with_what_they_take_back(any_crm: Crm, tmp_path: Path) -> None:
    text = """number,customer_number,placed_at,status,sku,quantity,unit_price
1,C1,2026-01-01,delivered,MUG,6,5.00
2,C1,2026-01-02,delivered,POT,2,20.00
2,C1,2026-01-02,delivered,MUG,4,5.00
C3,C1,2026-01-05,,MUG,-6,5.00
C4,C1,2026-01-06,,POT,-1,20.00
C5,C2,2026-01-07,,MUG,-1,5.00
"""
    report = load(any_crm, tmp_path / "o.csv", text, "orders", RETAIL)
    notes = report.reasons["notes"]
    assert (notes["cancellation_line"], notes["cancellation_matched"]) == (3, 1)
    assert (notes["cancellation_matched_in_part"], notes["cancellation_unmatched"]) == (1, 1)
    orders = {row.number: row for row in rows(any_crm, tables.orders)}
    assert (orders["1"].status, orders["1"].total_minor) == ("cancelled", 3000)
    assert (orders["2"].status, orders["2"].total_minor) == ("delivered", 4000)
    assert (orders["C3"].status, orders["C3"].total_minor) == ("cancelled", -3000)
    again = load(any_crm, tmp_path / "o.csv", text, "orders", RETAIL)
    assert counts(again) == (6, 0, 0, 6)
    assert {row.number: row.total_minor for row in rows(any_crm, tables.orders)} == {
        number: row.total_minor for number, row in orders.items()
    }


def test_lines_that_are_no_sale_are_rejected_and_fees_kept(crm: Crm, tmp_path: Path) -> None:
    text = """number,placed_at,sku,title,quantity,unit_price
1,2026-01-01,MUG,WHITE MUG,1,5.00
1,2026-01-01,POST,POSTAGE,1,3.00
1,2026-01-01,BANK,,1,9.00
1,2026-01-01,MUG,,-3,5.00
1,2026-01-01,MUG,,0,5.00
1,2026-01-01,MUG,,1,0
1,2026-01-01,MUG,,1,-2
C2,2026-01-02,MUG,,1,5.00
"""
    report = load(crm, tmp_path / "o.csv", text, "orders", RETAIL)
    assert report.reasons["rejected"] == dict.fromkeys(
        ("not_a_sale", "stock_adjustment", "quantity_zero", "price_zero", "price_negative", "cancellation_adds"), 1
    )
    assert rows(crm, tables.orders)[0].total_minor == 800
    (product,) = rows(crm, tables.products)
    assert (product.sku, product.title_en, product.category, product.stock) == ("MUG", "White mug", "gifts", 5)
    fee = next(row for row in rows(crm, tables.order_items) if row.sku == "POST")
    assert fee.product_id is None


def test_a_customer_known_by_number_is_completed_not_doubled(any_crm: Crm, tmp_path: Path) -> None:
    load(any_crm, tmp_path / "o.csv", "number,customer_number,placed_at\nRP1,C1,2026-01-01\n", "orders")
    text = "customer_number,name,email,phone\nC1,王芳,fang@example.cn,138 1234 5678\n"
    report = load(any_crm, tmp_path / "c.csv", text, "customers")
    assert (report.accepted, report.created["customers"]) == (1, 0)
    customer_id = any_crm.customers.by_number("C1")
    assert customer_id == any_crm.customers.find("phone", "+8613812345678")
    customer = any_crm.customers.get(customer_id, actor=SYSTEM, unmask=True)
    assert (customer.name, customer.emails) == ("王芳", ("fang@example.cn",))


def test_a_contact_that_is_somebody_else_s_is_left_out(crm: Crm, tmp_path: Path) -> None:
    text = "customer_number,email\nC1,same@example.com\nC2,same@example.com\n"
    report = load(crm, tmp_path / "c.csv", text, "customers")
    assert (report.accepted, report.reasons["notes"]["contact_taken"]) == (2, 1)
    assert crm.customers.find("email", "same@example.com") == crm.customers.by_number("C1")


def test_a_changed_product_is_brought_up_to_date(any_crm: Crm, tmp_path: Path) -> None:
    load(any_crm, tmp_path / "p.csv", "sku,title_en,price,stock\nMUG,Mug,5,3\n", "products")
    report = load(any_crm, tmp_path / "p.csv", "sku,title_en,price,stock\nMUG,Mug,4,0\n", "products")
    assert report.reasons["notes"] == {"product_updated": 1}
    (product,) = rows(any_crm, tables.products)
    assert (product.price_minor, product.stock) == (400, 0)


def test_events_belong_to_known_customers_and_keep_their_day(any_crm: Crm, tmp_path: Path) -> None:
    load(any_crm, tmp_path / "c.csv", "customer_number\nC1\n", "customers")
    text = """external_id,customer_number,name,sku,article,occurred_at
E1,C1,Product Viewed,MUG,,2026-01-01T10:00Z
E2,C1,Article Read,,warranty,2026-01-01T10:05Z
E2,C1,Article Read,,warranty,2026-01-01T10:05Z
E3,C7,Product Viewed,MUG,,2026-01-01T10:00Z
"""
    report = load(any_crm, tmp_path / "e.csv", text, "events")
    assert counts(report) == (4, 2, 1, 1)
    events = rows(any_crm, tables.interactions, tables.interactions.c.external_id)
    assert [event.properties for event in events] == [{}, {"article": "warranty"}]
    assert events[0].received_at == events[0].occurred_at
    assert counts(load(any_crm, tmp_path / "e.csv", text, "events"))[1] == 0


def test_feedback_keeps_the_labels_that_people_gave(crm: Crm, tmp_path: Path) -> None:
    load(crm, tmp_path / "c.csv", "customer_number\nC1\n", "customers")
    text = "external_id,customer_number,text,category,sentiment,rating\nF1,C1,物流太慢了,delivery,negative,1\n"
    load(crm, tmp_path / "f.csv", text, "feedback")
    customer_id = crm.customers.by_number("C1")
    assert customer_id is not None
    (entry,) = crm.feedback.of_customer(customer_id)
    assert (entry.text, entry.language, entry.category, entry.sentiment) == ("物流太慢了", "zh", "delivery", "negative")
    assert entry.serious
    assert entry.model_version is None


def test_every_import_is_on_record(crm: Crm, tmp_path: Path) -> None:
    report = load(crm, tmp_path / "o.csv", LINES, "orders")
    (row,) = crm.intake.latest()
    assert (row["id"], row["entity"], row["source"], row["file_name"]) == (report.id, "orders", "shop", "o.csv")
    assert (row["rows_read"], row["accepted"], row["finished_at"]) == (3, 3, crm._context.clock())
    assert len(row["file_sha256"]) == 64


def test_a_file_without_rows_is_refused(crm: Crm, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="has a heading and no rows"):
        load(crm, tmp_path / "o.csv", "number,placed_at\n", "orders")


def test_a_read_only_database_is_said_so_and_nothing_is_half_written(crm: Crm, tmp_path: Path) -> None:
    def refuse(connection: Any, *_: object) -> None:
        connection.exec_driver_sql("PRAGMA query_only=ON")

    sa.event.listen(crm.database.engine, "begin", refuse)
    try:
        with pytest.raises(StorageUnavailable, match="readonly"):
            load(crm, tmp_path / "o.csv", LINES, "orders")
    finally:
        sa.event.remove(crm.database.engine, "begin", refuse)
        crm.database.close()
    assert rows(crm, tables.orders) == []


def test_a_file_that_is_cut_off_keeps_its_whole_rows(crm: Crm, tmp_path: Path) -> None:
    report = load(crm, tmp_path / "o.csv", LINES + '"RP3,C1', "orders")
    assert counts(report) == (4, 3, 1, 0)
    assert report.reasons["rejected"] == {"too_few_fields": 1}


def test_the_same_rows_from_a_parquet_file_are_known(crm: Crm, tmp_path: Path) -> None:
    load(crm, tmp_path / "o.csv", LINES, "orders")
    pd.read_csv(tmp_path / "o.csv").to_parquet(tmp_path / "o.parquet")
    assert counts(crm.intake.run(tmp_path / "o.parquet", "orders", None, "shop")) == (3, 0, 0, 3)
