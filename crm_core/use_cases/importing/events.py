"""What customers did on the shop's pages."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.intake.chunks import Chunk
from crm_core.intake.refining import Refined
from crm_core.storage import bulk
from crm_core.storage import interactions as storage
from crm_core.storage.tables import interactions
from crm_core.use_cases.importing.products import ProductFinder
from crm_core.use_cases.importing.writer import Row, Run, Writer, customers_by_number, positions, rows_of


class EventWriter(Writer):
    """Writes interactions of known customers."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._products = ProductFinder(run)

    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk's events."""
        customers = customers_by_number(connection, self.run, refined.frame["customer_number"].tolist())
        unknown = ~refined.frame["customer_number"].isin(list(customers))
        self.run.refiner.reject_where(chunk, refined, unknown, "customer_number", "unknown_customer")
        rows = rows_of(refined.frame)
        ids = [row["external_id"] for row in rows]
        there = storage.sent_before(connection, self.run.source, ids)
        new: dict[str, Row] = {}
        for row in rows:
            if row["external_id"] not in there:
                new.setdefault(row["external_id"], row)
        named = [row for row in new.values() if row.get("sku")]
        products = self._products.find(connection, named) if named else {}
        bulk.insert(connection, interactions, [self._event(row, customers, products) for row in new.values()])
        self.run.report.created["events"] += len(new)
        written = positions(new.values())
        return {at for at in positions(rows) if at not in written}

    def _event(self, row: Row, customers: dict[str, str], products: dict[str, Row]) -> Row:
        product = products.get(row.get("sku") or "")
        amount = row.get("amount")
        return {
            "id": new_id(),
            "customer_id": customers[row["customer_number"]],
            "conversation_id": None,
            "session_id": row.get("session_id"),
            "name": row["name"],
            "channel": row.get("channel") or "web",
            "source": self.run.source,
            "external_id": row["external_id"],
            "product_id": product["id"] if product else None,
            "amount_minor": amount,
            "currency": (row.get("currency") or self.run.currency) if amount is not None else None,
            "properties": {"article": row["article"]} if row.get("article") else {},
            "occurred_at": row["occurred_at"],
            "received_at": row["occurred_at"],  # the shop had it then: features of past days may use it
        }
