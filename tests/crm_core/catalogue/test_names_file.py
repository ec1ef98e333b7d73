"""The assistant is told the products' names whenever they have changed."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from crm_core.catalogue.names_file import write_names
from crm_core.crm import Crm
from tests.conftest import FakeClock

PRODUCTS = "sku,title_en,title_zh,category,price_minor\nKI1,Dinner Plate,餐盘,kitchen,1490\n"


def names(crm: Crm) -> dict[str, tuple[str, str]]:
    lines = crm.settings.product_names.read_text("utf-8").splitlines()
    return {row["sku"]: (row["en"], row["zh"]) for row in map(json.loads, lines)}


def import_products(crm: Crm, folder: Path, content: str) -> None:
    path = folder / "products.csv"
    path.write_text(content, "utf-8")
    crm.intake.run(path, "products")


def test_an_import_writes_the_names(crm: Crm, tmp_path: Path) -> None:
    import_products(crm, tmp_path, PRODUCTS)
    assert names(crm) == {"KI1": ("Dinner Plate", "餐盘")}
    import_products(crm, tmp_path, PRODUCTS.replace("Dinner Plate", "Soup Plate"))
    assert names(crm)["KI1"][0] == "Soup Plate"


def test_a_search_after_a_change_by_somebody_else_writes_them(crm: Crm, clock: FakeClock, tmp_path: Path) -> None:
    import_products(crm, tmp_path, PRODUCTS)
    crm.settings.product_names.unlink()
    crm.catalogue.search("plate")
    assert names(crm).keys() == {"KI1"}


def test_names_that_are_the_same_are_not_written_again(crm: Crm, tmp_path: Path) -> None:
    import_products(crm, tmp_path, PRODUCTS)
    path, products = crm.settings.product_names, crm.catalogue.all()
    before = path.stat().st_mtime_ns
    assert not write_names(path, products)
    assert path.stat().st_mtime_ns == before
    assert list(path.parent.glob("products.jsonl?*")) == []


def test_a_file_that_cannot_be_written_stops_no_import(
    crm: Crm, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crm.settings.product_names.mkdir()
    with caplog.at_level(logging.WARNING):
        import_products(crm, tmp_path, PRODUCTS)
    assert [product.sku for product in crm.catalogue.all()] == ["KI1"]
    assert "cannot be written" in caplog.text
