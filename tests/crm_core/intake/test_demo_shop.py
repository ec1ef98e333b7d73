"""The demo shop: believable as committed, fresh and whole once loaded."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput
from crm_core.intake import demo
from crm_core.knowledge.reading import read_articles
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings
from crm_core.storage.tables import articles, interactions, order_items, orders, products

DATA = Path(__file__).parents[3] / "data"
Rows = list[dict[str, str]]


def read(name: str) -> Rows:
    path = DATA / "demo" / name
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def shop() -> dict[str, Rows]:
    return {name: read(file) for name, file in demo.FILES}


def test_it_is_as_large_as_promised_and_small_enough_to_commit(shop: dict[str, Rows]) -> None:
    sizes = {name: len(rows) for name, rows in shop.items()}
    assert (sizes["customers"], sizes["products"], sizes["orders"], sizes["feedback"]) == (1000, 200, 10_000, 2000)
    assert sum(path.stat().st_size for path in (DATA / "demo").iterdir()) < 5_000_000


def test_every_product_is_told_in_both_languages(shop: dict[str, Rows]) -> None:
    for row in shop["products"]:
        assert all(row[f"{part}_{language}"] for part in ("title", "description") for language in ("en", "zh"))
        assert isinstance(json.loads(row["attributes"]), dict)
        assert int(row["price_minor"]) > 0
    assert any(row["stock"] == "0" for row in shop["products"])
    assert len({row["title_zh"] for row in shop["products"]}) == 200


def test_contacts_are_nobody_s(shop: dict[str, Rows]) -> None:
    for row in shop["customers"]:
        assert row["email"].partition("@")[2] in ("example.com", "example.cn")
        assert " 555 01" in row["phone"] or row["phone"].startswith(("+44 7700 900", "+86 142 0000"))


def test_what_is_said_of_an_order_fits_together(shop: dict[str, Rows]) -> None:
    newest = max(row["placed_at"] for row in shop["orders"])
    for row in shop["orders"]:
        on_its_way = row["status"] in ("shipped", "delivered", "returned")
        assert bool(row["carrier"]) == bool(row["tracking_number"]) == on_its_way
        assert bool(row["delivered_at"]) == (row["status"] in ("delivered", "returned"))
        assert not row["delivered_at"] or row["placed_at"] < row["delivered_at"]
        assert row["customer_number"] or row["email"]
    assert {row["status"] for row in shop["orders"] if row["placed_at"][:10] == newest[:10]} >= {"paid"}


def test_totals_are_the_lines_and_the_shipping(shop: dict[str, Rows]) -> None:
    goods: Counter[str] = Counter()
    for row in shop["order_items"]:
        goods[row["number"]] += int(row["quantity"]) * int(row["unit_price_minor"])
    for row in shop["orders"]:
        expected = goods[row["number"]]
        assert int(row["total_minor"]) == expected + (495 if expected < 4900 else 0)


def test_half_of_the_feedback_is_chinese_and_no_text_stands_twice(shop: dict[str, Rows]) -> None:
    assert Counter(row["language"] for row in shop["feedback"]) == {"en": 1000, "zh": 1000}
    assert len({row["text"] for row in shop["feedback"]}) == 2000
    assert {row["sentiment"] for row in shop["feedback"]} == {"negative", "neutral", "positive"}
    assert len({row["category"] for row in shop["feedback"]}) == 8


def test_every_article_is_there_in_both_languages() -> None:
    found = read_articles(DATA / "knowledge")
    slugs = {language: {article.slug for article in found if article.language == language} for language in ("en", "zh")}
    assert slugs["en"] == slugs["zh"]
    assert len(slugs["en"]) >= 60
    assert {row["article"] for row in read("events.csv.gz") if row["article"]} <= slugs["en"]


@pytest.fixture
def few(tmp_path: Path, shop: dict[str, Rows]) -> Path:
    """The demo shop with its first twelve customers only."""
    numbers = {row["customer_number"] for row in shop["customers"][:12]}
    newest = max(shop["orders"], key=lambda row: row["placed_at"])
    kept = {row["number"] for row in shop["orders"] if row["customer_number"] in numbers} | {newest["number"]}
    folder = tmp_path / "data" / "demo"
    folder.mkdir(parents=True)
    for name, file in demo.FILES:
        own = [
            row for row in shop[name] if row.get("customer_number", "C10001") in numbers or row.get("number") in kept
        ]
        own = [row for row in own if name != "order_items" or row["number"] in kept]
        opened = gzip.open if file.endswith(".gz") else open
        with opened(folder / file, "wt", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, own[0])
            writer.writeheader()
            writer.writerows(own)
    (folder.parent / "knowledge").symlink_to(DATA / "knowledge")
    return folder.parent


def test_loading_fills_an_empty_database_and_makes_the_dates_fresh(settings: Settings, few: Path) -> None:
    now = datetime(2031, 5, 6, 12, tzinfo=UTC)
    crm = Crm(settings.model_copy(update={"data": few}), lambda: now)
    crm.migrate()
    assert crm.intake.is_empty()
    told: list[float] = []
    reports = crm.intake.load_demo(lambda done, total=None, what=None: told.append(done / (total or 1)))
    assert not crm.intake.is_empty()
    assert all(report.accepted == report.rows_read for report in reports)
    assert told == sorted(told)
    assert told[-1] == 1.0
    with crm.database.reading() as connection:
        newest = connection.scalar(sa.select(sa.func.max(orders.c.placed_at)))
        assert newest.date() == (now - timedelta(days=1)).date()
        assert connection.scalar(sa.select(sa.func.max(interactions.c.occurred_at))) < now
        unknown = connection.scalar(sa.select(sa.func.count()).where(order_items.c.product_id.is_(None)))
        assert unknown == 0
        assert connection.scalar(sa.select(sa.func.count()).select_from(products)) == 200
        assert connection.scalar(sa.select(sa.func.count()).select_from(articles)) >= 120
    customer_id = crm.customers.by_number("C10002")
    assert customer_id is not None
    assert crm.customers.get(customer_id, actor=SYSTEM).language == "zh"
    assert crm.orders.of_customer(customer_id)[0].placed_at > now - timedelta(days=3)
    crm.close()


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"products\.csv"):
        demo.demo_files(tmp_path)
