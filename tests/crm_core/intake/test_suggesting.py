"""A mapping is proposed by the names of columns and by what stands in them."""

from __future__ import annotations

from typing import Any

from crm_core.intake.entities import entity
from crm_core.intake.suggesting import suggest


def proposed(kind: str, columns: dict[str, list[Any]]) -> dict[str, Any]:
    return suggest(entity(kind), columns)


def test_columns_are_proposed_by_what_they_are_usually_called() -> None:
    present = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    assert proposed("orders", {name: [] for name in present})["columns"] == {
        "number": "InvoiceNo",
        "customer_number": "CustomerID",
        "placed_at": "InvoiceDate",
        "country": "Country",
        "sku": "StockCode",
        "title": "Description",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
    }
    assert proposed("feedback", {"评论": [], "评分": []})["columns"] == {"text": "评论", "rating": "评分"}


def test_values_tell_what_names_do_not() -> None:
    columns = {
        "col1": ["a@example.com", "b@example.org", None],
        "col2": ["138 1234 5678", "+49 30 901820", ""],
        "col3": ["Germany", "中国", "FR"],
    }
    assert proposed("customers", columns)["columns"] == {"email": "col1", "phone": "col2", "country": "col3"}


def test_a_name_whose_values_say_otherwise_is_not_believed() -> None:
    columns = {"email": ["yes", "no", "yes"], "contact": ["a@example.com", "b@example.org", "c@example.org"]}
    assert proposed("customers", columns)["columns"] == {"email": "contact"}


def test_the_writing_of_dates_and_amounts_is_found_out() -> None:
    found = proposed(
        "orders",
        {
            "order no": ["1", "2"],
            "order date": ["31.12.2025 18:30", "01.01.2026 09:00"],
            "order total": ["1.234,50 €", "9,95 €"],
        },
    )
    assert found == {
        "columns": {"number": "order no", "placed_at": "order date", "total": "order total"},
        "dates": {"formats": ["%d.%m.%Y %H:%M"]},
        "money": {"decimal": ","},
    }


def test_a_day_above_twelve_tells_which_number_is_the_month() -> None:
    us = proposed("orders", {"number": ["1", "2"], "date": ["12/31/2025", "01/02/2026"]})
    assert us["dates"] == {"formats": ["%m/%d/%Y"]}


def test_moments_as_a_database_gives_them_need_no_format() -> None:
    from datetime import UTC, datetime

    found = proposed("orders", {"number": [1, 2], "placed_at": [datetime(2026, 1, 1, tzinfo=UTC)] * 2})
    assert found == {"columns": {"number": "number", "placed_at": "placed_at"}}
