"""What is said of a stock figure."""

from __future__ import annotations

from datetime import date

from crm_core.records.shop import Product

LOW = 5


def level(product: Product) -> str:
    """Give `in_stock`, `low` or `out`."""
    if product.stock <= 0:
        return "out"
    return "low" if product.stock <= LOW else "in_stock"


def expected(product: Product) -> date | None:
    """Give the day on which a product is expected back (attribute `expected`, ISO 8601), or None."""
    try:
        return date.fromisoformat(str(product.attributes.get("expected", "")))
    except ValueError:
        return None
