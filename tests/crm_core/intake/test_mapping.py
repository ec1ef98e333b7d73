"""Mapping files: what they may say, and what is told when they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm_core.errors import InvalidInput
from crm_core.intake.entities import entity
from crm_core.intake.mapping import parse_mapping, read_mapping, resolve

ORDERS = entity("orders")
EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "online_retail.yml"


def test_the_example_mapping_reads() -> None:
    mapping = read_mapping(EXAMPLE, ORDERS)
    assert mapping.columns["number"].source == "InvoiceNo"
    assert mapping.rules.cancellation_prefix == "C"
    assert "POST" in mapping.rules.fees


def test_without_a_mapping_columns_named_like_our_fields_are_taken() -> None:
    mapping = resolve(None, ORDERS, ["number", "placed_at", "total_minor", "weather"], "orders.csv")
    assert set(mapping.columns) == {"number", "placed_at", "total"}
    assert mapping.columns["total"].minor


def test_a_missing_column_is_named_with_those_present() -> None:
    mapping = parse_mapping({"columns": {"number": "Invoice", "placed_at": "Day"}}, ORDERS)
    with pytest.raises(InvalidInput, match=r"'Invoice' is not a column of o\.csv; it has: No, Day"):
        resolve(mapping, ORDERS, ["No", "Day"], "o.csv")


def test_a_field_that_no_row_may_lack_must_be_mapped() -> None:
    mapping = parse_mapping({"columns": {"number": "No"}}, ORDERS)
    with pytest.raises(InvalidInput, match="placed_at"):
        resolve(mapping, ORDERS, ["No", "Day"], "o.csv")


def test_an_order_file_with_lines_needs_quantity_and_price() -> None:
    mapping = parse_mapping({"columns": {"number": "No", "placed_at": "Day", "sku": "Code"}}, ORDERS)
    with pytest.raises(InvalidInput, match="quantity, unit_price"):
        resolve(mapping, ORDERS, ["No", "Day", "Code"], "o.csv")


def test_a_constant_stands_in_for_a_column() -> None:
    mapping = parse_mapping({"columns": {"number": "No"}, "constants": {"placed_at": "2026-01-01"}}, ORDERS)
    assert resolve(mapping, ORDERS, ["No"], "o.csv").constants == {"placed_at": "2026-01-01"}


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ({"columns": {"nummer": "No"}}, "nummer"),
        ({"columns": {"number": {"colum": "No"}}}, "colum"),
        ({"columns": ["number"]}, "columns"),
        ({"dates": {"timezone": "Mars/Olympus"}}, "Mars/Olympus"),
        ({"money": {"unit": "pence"}}, "pence"),
        ({"orders": {"cancel": "C"}}, "cancel"),
    ],
)
def test_what_a_mapping_says_wrongly_is_named(content: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        parse_mapping(content, ORDERS)


def test_a_mapping_for_another_entity_is_refused() -> None:
    with pytest.raises(InvalidInput, match="is for orders"):
        read_mapping(EXAMPLE, entity("customers"))


def test_a_mapping_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.write_text("columns: [", "utf-8")
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_mapping(path, ORDERS)


def test_an_unknown_entity_is_named_with_those_there_are() -> None:
    with pytest.raises(InvalidInput, match="'refunds' is not one of customers, products, orders"):
        entity("refunds")
