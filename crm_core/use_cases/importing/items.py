"""Lines of orders that came in a file of their own."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.intake.chunks import Chunk
from crm_core.intake.refining import Refined
from crm_core.storage import bulk
from crm_core.use_cases.importing.orders import LineWriter
from crm_core.use_cases.importing.products import ProductFinder
from crm_core.use_cases.importing.writer import Run, Writer, rows_of


class ItemWriter(Writer):
    """Writes order lines; the orders themselves must be there."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._products = ProductFinder(run)

    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk's lines."""
        found = bulk.orders_by_number(connection, self.run.source, refined.frame["number"].tolist())
        unknown = ~refined.frame["number"].isin(list(found))
        self.run.refiner.reject_where(chunk, refined, unknown, "number", "unknown_order")
        ids = {number: row["id"] for number, row in found.items()}
        lines = LineWriter(connection, self.run, self._products, ids, self._before(connection, ids), found.keys())
        return lines.write(rows_of(refined.frame), totalled=True)

    def _before(self, connection: sa.Connection, ids: dict[str, str]) -> set[str]:
        """Give the orders with lines from before this run."""
        there = bulk.items_of(connection, list(ids.values()))
        return {
            number for number, order_id in ids.items() if any(row["id"] < self.run.since for row in there[order_id])
        }
