"""Customers, orders, visits and consents, written in one line each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import numpy as np

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.storage.tables import consents, customers, feedback, interactions, order_items, orders, products

SKUS = tuple(f"P{number:02}" for number in range(12))


class Ledger:
    """Writes straight into the tables; `flush` sends what was collected in one transaction."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.now = crm._context.clock()
        self._rows: dict[Any, list[dict[str, Any]]] = {}
        with crm.database.writing() as connection:
            self.key_id = crm._context.keys.create(connection)

    def customer(self, status: str = "active") -> str:
        """Add a customer."""
        seen = {"first_seen_at": self.now, "last_seen_at": self.now}
        return self._add(customers, key_id=self.key_id, status=status, attributes={}, **seen)

    def order(
        self, customer_id: str | None, at: datetime, total: int = 1000, currency: str = "USD", skus: Any = ("P00",)
    ) -> str:
        """Add an order with its lines."""
        values = {"source": "test", "number": new_id(), "customer_id": customer_id, "status": "delivered"}
        money = {"currency": currency, "total_minor": total}
        order_id = self._add(orders, placed_at=at, updated_at=at, **values, **money)
        for line, sku in enumerate(skus, 1):
            price = {"quantity": 1, "unit_price_minor": total}
            self._add(order_items, order_id=order_id, line=line, sku=sku, title=sku, **price)
        return order_id

    def visit(
        self, customer_id: str, at: datetime, name: str = "Product Viewed", received: datetime | None = None
    ) -> None:
        """Add an interaction."""
        values = {"channel": "web", "source": "test", "external_id": new_id(), "session_id": str(at.date())}
        moments = {"occurred_at": at, "received_at": received or at}
        self._add(interactions, customer_id=customer_id, name=name, properties={}, **values, **moments)

    def consent(self, customer_id: str, granted: bool, at: datetime) -> None:
        """Add a word on profiling."""
        self._add(consents, customer_id=customer_id, purpose="profiling", granted=granted, source="test", given_at=at)

    def feedback(self, text: str, category: str | None, sentiment: str | None, model_version: str | None = None) -> str:
        """Add a feedback text under a key of its own and give the key's id."""
        keys = self.crm._context.keys
        with self.crm.database.writing() as connection:
            key_id = keys.create(connection)
            sealed = keys.seal(connection, key_id, text)
        label = {"category": category, "sentiment": sentiment, "model_version": model_version}
        values = {"source": "test", "language": "en", "serious": False, "reasons": [], "created_at": self.now}
        self._add(feedback, key_id=key_id, text_encrypted=sealed, **label, **values)
        return key_id

    def shelf(self) -> None:
        """Put products on sale."""
        for sku in SKUS:
            values = {"title_en": f"Thing {sku}", "category": "home", "attributes": {}, "price_minor": 1000}
            self._add(products, sku=sku, currency="USD", stock=5, active=True, updated_at=self.now, **values)

    def shop(self, count: int = 160, days: int = 400) -> list[str]:
        """Add customers of differing zeal with their orders and visits, always the same."""
        random = np.random.default_rng(11)
        self.shelf()
        made = []
        for _ in range(count):
            customer_id = self.customer()
            made.append(customer_id)
            gap = float(random.gamma(1.2, 45) + 6)
            begin = float(random.uniform(0, days))
            stops = random.random() < 0.3
            taste = int(random.integers(0, 3)) * 4
            while begin > 0 and not (stops and begin < days / 3):
                at = self.now - timedelta(days=begin)
                bought = [SKUS[taste + int(place)] for place in random.permutation(4)[: random.integers(1, 3)]]
                self.order(customer_id, at, int(random.integers(500, 5000)), skus=bought)
                self.visit(customer_id, at - timedelta(days=1))
                begin -= float(random.exponential(gap)) + 0.5
        self.flush()
        return made

    def flush(self) -> None:
        """Write what was collected."""
        with self.crm.database.writing() as connection:
            for table in (customers, products, orders, order_items, interactions, consents, feedback):
                if rows := self._rows.pop(table, None):
                    connection.execute(table.insert(), rows)

    def _add(self, table: Any, **values: Any) -> str:
        row_id = new_id()
        self._rows.setdefault(table, []).append({"id": row_id, **values})
        return row_id
