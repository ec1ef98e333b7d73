"""Folders, JSON and other databases come in like files, and a second run takes only what is new."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, StorageUnavailable
from crm_core.intake import chunks
from crm_core.intake.entities import entity
from crm_core.intake.folders import Folder
from crm_core.intake.mapping import parse_mapping
from crm_core.intake.report import ImportReport
from crm_core.storage.other_database import Query
from crm_core.use_cases.importing.connectors import connector
from tests.crm_core.intake.test_importing import load, rows, tables

ORDERS = "SELECT id, number, day AS placed_at, amount AS total FROM invoices"


def reports(crm: Crm, source: Any, kind: str, mapping: dict[str, Any] | None = None) -> list[ImportReport]:
    given = parse_mapping(mapping, entity(kind)) if mapping else None
    return list(crm.intake.run_all(source, kind, given, "shop"))


def told(found: list[ImportReport]) -> list[tuple[str, int, int]]:
    return [(report.file, report.accepted, report.rejected) for report in found]


def test_of_a_folder_only_new_and_changed_files_are_read_again(crm: Crm, tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    (folder / "old").mkdir(parents=True)
    (folder / "b.csv").write_text("number,placed_at\n1,2026-01-01\n", "utf-8")
    pd.DataFrame({"number": ["2"], "placed_at": ["2026-01-02"]}).to_parquet(folder / "old" / "a.parquet")
    (folder / "readme.pdf").write_text("not a table", "utf-8")
    assert told(reports(crm, Folder(folder), "orders")) == [("b.csv", 1, 0), ("old/a.parquet", 1, 0)]
    assert reports(crm, Folder(folder), "orders") == []
    (folder / "b.csv").write_text("number,placed_at\n1,2026-01-01\n3,2026-01-03\n", "utf-8")
    (report,) = reports(crm, Folder(folder), "orders")
    assert (report.accepted, report.known) == (1, 1)


def test_a_file_that_cannot_be_read_keeps_no_other_out_and_is_told(crm: Crm, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("colour\nred\n", "utf-8")
    (tmp_path / "b.csv").write_text("number,placed_at\n1,2026-01-01\n", "utf-8")
    with pytest.raises(InvalidInput, match=r"a\.csv"):
        reports(crm, Folder(tmp_path), "orders")
    assert len(rows(crm, tables.orders)) == 1


def test_json_lines_come_in_with_nested_names_and_bad_lines_are_told(crm: Crm, tmp_path: Path) -> None:
    lines = [
        {"id": "r1", "author": {"email": "Ann@Example.com", "name": "Ann"}, "text": "很好", "stars": 5},
        {"id": "r2", "author": {"email": "bob@example.com"}, "text": "late", "stars": 2, "tags": ["a"]},
    ]
    file = tmp_path / "reviews.jsonl"
    file.write_text("\n".join([*map(json.dumps, lines), "{broken", "7"]), "utf-8")
    mapping = {"columns": {"external_id": "id", "email": "author.email", "name": "author.name", "text": "text",
                           "rating": "stars"}}  # fmt: skip
    report = crm.intake.run(file, "feedback", parse_mapping(mapping, entity("feedback")), "reviews")
    assert (report.accepted, report.rejected, report.created["customers"]) == (2, 2, 2)
    assert report.reasons["rejected"] == {"not_json": 2}
    ann = crm.customers.find("email", "ann@example.com")
    assert ann in {row.customer_id for row in rows(crm, tables.feedback)}


def test_a_json_document_says_where_its_records_are(crm: Crm, tmp_path: Path) -> None:
    file = tmp_path / "posts.json"
    file.write_text(json.dumps({"data": {"posts": [{"id": 1, "text": "hello"}]}}), "utf-8")
    with pytest.raises(InvalidInput, match=r"file\.records"):
        reports(crm, connector(str(file)), "feedback")
    mapping = {"columns": {"external_id": "id", "text": "text"}, "file": {"records": "data.posts"}}
    assert told(reports(crm, connector(str(file)), "feedback", mapping)) == [("posts.json", 1, 0)]


@pytest.fixture(params=["sqlite", "postgresql"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Another system's database with two invoices."""
    kind = request.param
    url = f"sqlite:///{tmp_path}/shop.db" if kind == "sqlite" else request.getfixturevalue("postgres_url")
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.execute(
            sa.text("CREATE TABLE invoices (id INTEGER, number TEXT, day TIMESTAMP, amount NUMERIC(9,2))")
        )
    add(engine, 1, "A1", "12.50")
    add(engine, 2, "A2", "7.00")
    yield engine
    engine.dispose()


def add(engine: sa.Engine, number: int, name: str, amount: str) -> None:
    with engine.begin() as connection:
        values = {"id": number, "number": name, "amount": amount}
        connection.execute(
            sa.text("INSERT INTO invoices VALUES (:id, :number, '2026-01-01 10:30:00', :amount)"), values
        )


def query(engine: sa.Engine, text: str = ORDERS, cursor: str = "id") -> Query:
    return Query(engine.url.render_as_string(hide_password=False), text, cursor)


def test_of_a_query_a_second_run_takes_what_is_beyond_the_cursor(crm: Crm, shop: sa.Engine) -> None:
    (first,) = reports(crm, query(shop), "orders")
    assert (first.rows_read, first.accepted) == (2, 2)
    assert sorted(row.total_minor for row in rows(crm, tables.orders)) == [700, 1250]
    (again,) = reports(crm, query(shop), "orders")
    assert again.rows_read == 0
    add(shop, 3, "A3", "1.00")
    (third,) = reports(crm, query(shop), "orders")
    assert (third.rows_read, third.accepted) == (1, 1)


def test_what_came_before_a_source_died_stays_and_the_next_run_goes_on(
    crm: Crm, shop: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shop.dialect.name == "sqlite":
        failing = "SELECT *, CASE id WHEN 2 THEN json('no json') END AS broken FROM invoices"
    else:
        failing = "SELECT *, 1 / (id - 2) AS broken FROM invoices"
    failing = failing.replace("*", "id, number, day AS placed_at, amount AS total")
    monkeypatch.setattr(chunks, "CHUNK_ROWS", 1)
    with pytest.raises(StorageUnavailable, match="source"):
        reports(crm, query(shop, failing), "orders")
    before = len(rows(crm, tables.orders))
    reports(crm, query(shop), "orders")
    assert before <= len(rows(crm, tables.orders)) == 2


def test_a_database_that_cannot_be_asked_is_told_without_its_password(crm: Crm, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="query"):
        connector(f"sqlite:///{tmp_path}/x.db")
    with pytest.raises(InvalidInput, match="names no database") as told_error:
        connector("nothing://user:secret@host/db", "SELECT 1")
    assert "secret" not in str(told_error.value)
    with pytest.raises(StorageUnavailable, match="no such table"):
        reports(crm, connector(f"sqlite:///{tmp_path}/x.db", "SELECT * FROM nowhere"), "orders")


def test_a_mapping_is_proposed_for_whatever_can_be_read(crm: Crm, shop: sa.Engine) -> None:
    found = crm.intake.suggest(query(shop), "orders")
    assert found["columns"] == {"number": "number", "placed_at": "placed_at", "total": "total"}


def test_the_report_of_a_file_is_as_before(crm: Crm, tmp_path: Path) -> None:
    text = "number,placed_at\n1,2026-01-01\n"
    load(crm, tmp_path / "o.csv", text, "orders")
    assert load(crm, tmp_path / "o.csv", text, "orders").known == 1
