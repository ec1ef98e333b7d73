"""Products: from a catalogue, or made of what order lines say of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from cachetools import LRUCache

from crm_core.clock import new_id
from crm_core.intake.chunks import Chunk
from crm_core.intake.lines import FEE
from crm_core.intake.refining import AT, Refined
from crm_core.storage import bulk
from crm_core.storage.tables import products
from crm_core.use_cases.importing.writer import Row, Run, Writer, positions, rows_of

_GIVEN = (
    *("title_en", "title_zh", "description_en", "description_zh", "category", "attributes"),
    *("price_minor", "currency", "stock", "image", "active"),
)
_REMEMBERED = 50_000


class ProductWriter(Writer):
    """Writes products; one that is there under its SKU is brought up to date."""

    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk's products."""
        first = refined.frame.drop_duplicates("sku")
        repeated = set(refined.frame[AT]) - set(first[AT])
        rows = rows_of(first)
        there = bulk.products_by_sku(connection, [row["sku"] for row in rows])
        new = [self._product(row) for row in rows if row["sku"] not in there]
        bulk.insert(connection, products, new)
        pairs = [(there[row["sku"]], row) for row in rows if row["sku"] in there]
        changed = [(row, news) for old, row in pairs if (news := self._news(old, row))]
        bulk.change(connection, products, [news for _, news in changed])
        self.run.report.created["products"] += len(new)
        self.run.report.note("product_updated", len(changed))
        same = positions(row for _, row in pairs) - positions(row for row, _ in changed)
        return {int(at) for at in repeated} | same

    def _product(self, row: Row) -> Row:
        nothing: Row = {
            "category": "other",
            "attributes": {},
            "currency": self.run.currency,
            "stock": 0,
            "active": True,
        }
        given = {name: value for name, value in _columns(row).items() if value is not None}
        columns = {**dict.fromkeys(_GIVEN), **nothing, **given}
        return {"id": new_id(), "sku": row["sku"], **columns, "updated_at": self.run.started_at}

    def _news(self, old: Row, row: Row) -> Row | None:
        given = {name: value for name, value in _columns(row).items() if value is not None}
        if all(old[name] == value for name, value in given.items()):
            return None
        return {"id": old["id"], **{name: old[name] for name in _GIVEN}, **given, "updated_at": self.run.started_at}


class ProductFinder:
    """Finds the products that order lines name, and makes those that the mapping says may be made.

    Args:
        run: The run that it works for.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._found: LRUCache[str, Row] = LRUCache(_REMEMBERED)

    def find(self, connection: sa.Connection, rows: Sequence[Row]) -> dict[str, Row]:
        """Give the products (their `id` and `title_en`) of the lines by SKU."""
        skus = {row["sku"] for row in rows if not row.get(FEE)}
        found = {sku: self._found[sku] for sku in skus if sku in self._found}
        found |= bulk.products_by_sku(connection, skus - found.keys())
        unknown = skus - found.keys()
        if unknown and self._run.mapping.rules.products is not None:
            made = self._make([row for row in rows if row["sku"] in unknown])
            bulk.insert(connection, products, made)
            self._run.report.created["products"] += len(made)
            found |= {row["sku"]: row for row in made}
        elif unknown:
            self._run.report.note("unknown_product", sum(row["sku"] in unknown for row in rows))
        self._found.update({sku: {"id": row["id"], "title_en": row["title_en"]} for sku, row in found.items()})
        return found

    def _make(self, rows: Sequence[Row]) -> list[Row]:
        given = self._run.mapping.rules.products or {}
        best: dict[str, Row] = {}
        for row in rows:  # the first line with a title names the product
            if row["sku"] not in best or (row.get("title") and not best[row["sku"]].get("title")):
                best[row["sku"]] = row
        return [self._product(row, dict(given)) for row in best.values()]

    def _product(self, row: Row, given: dict[str, Any]) -> Row:
        return {
            "id": new_id(),
            "sku": row["sku"],
            "title_en": _spoken(row.get("title") or row["sku"]),
            "title_zh": None,
            "description_en": None,
            "description_zh": None,
            "category": str(given.get("category", "other")),
            "attributes": {},
            "price_minor": abs(row["unit_price"]),
            "currency": row.get("currency") or self._run.currency,
            "stock": int(given.get("stock", 0)),
            "image": given.get("image"),
            "active": True,
            "updated_at": self._run.started_at,
        }


def _columns(row: Row) -> Row:
    """Give what a row says, under the names of the table."""
    return {
        ("price_minor" if name == "price" else name): row[name] for name in row if name == "price" or name in _GIVEN
    }


def _spoken(title: str) -> str:
    """Give a title that shouts in capitals as it would be said."""
    return title.capitalize() if title.isupper() else title
