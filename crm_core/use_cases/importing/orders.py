"""Orders, whole or line by line, with the customers and products that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.intake.cancellations import Matching, match_cancellations
from crm_core.intake.chunks import Chunk
from crm_core.intake.lines import CANCELS, FEE, check_lines, count_lines
from crm_core.intake.refining import Refined
from crm_core.intake.report import ImportReport
from crm_core.storage import bulk
from crm_core.storage import imports as storage
from crm_core.storage.tables import order_items, orders
from crm_core.use_cases.importing.products import ProductFinder
from crm_core.use_cases.importing.writer import Row, Run, Writer, customers_by_number, key_ids, positions, rows_of

_HEADER = ("status", "payment_method", "carrier", "tracking_number", "expected_at", "delivered_at")
_CUSTOMERS_AT_ONCE = 200


class OrderWriter(Writer):
    """Writes orders: one row each, or one row per line."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        self._products = ProductFinder(run)

    def check(self, chunk: Chunk, refined: Refined) -> None:
        """Reject lines that are no sale."""
        check_lines(chunk, refined, self.run.refiner, self.run.mapping.rules)

    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk's orders, then their lines."""
        count_lines(refined.frame, self.run.report)
        rows = rows_of(refined.frame)
        heads = _heads(rows)
        known = bulk.orders_by_number(connection, self.run.source, heads)
        old = {number for number, row in known.items() if row["id"] < self.run.since}
        new = {number: row for number, row in heads.items() if number not in known}
        written = self._add(connection, new)
        changed = self._refresh(connection, {number: (known[number], heads[number]) for number in old})
        if FEE not in refined.frame:
            return positions(row for row in rows if row["number"] not in new and row["number"] not in changed)
        ids = {number: row["id"] for number, row in (known | written).items()}
        lines = LineWriter(connection, self.run, self._products, ids, old, known.keys())
        return lines.write(rows, totalled="total" in refined.frame)

    def finish(self) -> None:
        """Match the cancellation lines with the lines that they take back."""
        if self.run.mapping.rules.cancellation_prefix:
            match_all(self.run)

    def _add(self, connection: sa.Connection, new: dict[str, Row]) -> dict[str, Row]:
        people = {row["customer_number"]: row for row in reversed(new.values()) if row.get("customer_number")}
        customers = customers_by_number(connection, self.run, people, make_from=people)
        keys = self._keys(connection, new, customers)
        rows = [
            self._order(connection, row, customers.get(row.get("customer_number") or ""), keys) for row in new.values()
        ]
        bulk.insert(connection, orders, rows)
        self.run.report.created["orders"] += len(rows)
        return {row["number"]: row for row in rows}

    def _keys(self, connection: sa.Connection, new: dict[str, Row], customers: dict[str, str]) -> dict[str, str]:
        """Give the keys of those whose order has an address of its own to seal."""
        wanted = {row.get("customer_number") for row in new.values() if row.get("address")}
        ids = key_ids(connection, self.run, [customers[number] for number in wanted if number in customers])
        self.run.context.keys.prefetch(connection, list(ids.values()))
        return ids

    def _order(self, connection: sa.Connection, row: Row, customer_id: str | None, keys: dict[str, str]) -> Row:
        ring = self.run.context.keys
        address = row.get("address") if customer_id in keys else None
        return {
            "id": new_id(),
            "source": self.run.source,
            "number": row["number"],
            "customer_id": customer_id,
            "placed_at": row["placed_at"],
            "currency": row.get("currency") or self.run.currency,
            "total_minor": row.get("total") or 0,
            **{name: row.get(name) for name in _HEADER},
            "status": "cancelled" if row[CANCELS] else row.get("status") or "placed",
            "address_encrypted": ring.seal(connection, keys[customer_id], address) if address and customer_id else None,
            "email_index": ring.vault.blind_index("email", row["email"]) if row.get("email") else None,
            "phone_index": ring.vault.blind_index("phone", row["phone"]) if row.get("phone") else None,
            "updated_at": self.run.started_at,
        }

    def _refresh(self, connection: sa.Connection, pairs: dict[str, tuple[Row, Row]]) -> set[str]:
        """Bring what has happened to orders since an earlier import; give the numbers of those that changed."""
        changed = {}
        for number, (old, row) in pairs.items():
            news = {name: row[name] for name in _HEADER if row.get(name) is not None and row[name] != old[name]}
            if news and not row[CANCELS] and old["status"] != "cancelled":
                changed[number] = {"id": old["id"], **{name: old[name] for name in _HEADER}, **news}
                changed[number]["updated_at"] = self.run.started_at
        bulk.change(connection, orders, list(changed.values()))
        self.run.report.note("order_updated", len(changed))
        return set(changed)


class LineWriter:
    """Writes the lines of a chunk's orders.

    Args:
        connection: An open transaction.
        run: The run that it writes for.
        products: Finds, and may make, the products that the lines name.
        ids: Order number → order id.
        old: Numbers of orders that were there before this run: their lines may be there, too.
        known: Numbers of orders that were there before this chunk.
    """

    def __init__(
        self,
        connection: sa.Connection,
        run: Run,
        products: ProductFinder,
        ids: dict[str, str],
        old: set[str],
        known: Any,
    ) -> None:
        self._connection = connection
        self._run = run
        self._products = products
        self._ids = ids
        there = bulk.items_of(connection, [ids[number] for number in known])
        numbers = {order_id: number for number, order_id in ids.items()}
        self._last = Counter({numbers[order_id]: max(row["line"] for row in rows) for order_id, rows in there.items()})
        self._there = Counter(
            (numbers[order_id], row["sku"], row["quantity"], row["unit_price_minor"])
            for order_id, rows in there.items()
            for row in rows
            if numbers[order_id] in old and row["id"] < run.since
        )

    def write(self, rows: Sequence[Row], *, totalled: bool) -> set[int]:
        """Write lines and bring the orders' totals up to date; give the positions of lines that were there."""
        new, there = self._sort_out(rows)
        products = self._products.find(self._connection, new)
        bulk.insert(self._connection, order_items, [self._line(row, products) for row in new])
        self._run.report.created["items"] += len(new)
        if not totalled:
            self._add_to_totals(new)
        return positions(there)

    def _sort_out(self, rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
        new, there = [], []
        for row in rows:
            key = (row["number"], row["sku"], row["quantity"], row["unit_price"])
            if self._there[key] > 0:
                self._there[key] -= 1
                there.append(row)
            else:
                new.append(row)
        return new, there

    def _line(self, row: Row, products: dict[str, Row]) -> Row:
        number, product = row["number"], products.get(row["sku"])
        self._last[number] = max(self._last[number] + 1, row.get("line") or 0)
        return {
            "id": new_id(),
            "order_id": self._ids[number],
            "product_id": product["id"] if product and not row.get(FEE) else None,
            "line": self._last[number],
            "sku": row["sku"],
            "title": row.get("title") or (product["title_en"] if product else row["sku"]),
            "quantity": row["quantity"],
            "unit_price_minor": row["unit_price"],
            "cancels_item_id": None,
        }

    def _add_to_totals(self, rows: Sequence[Row]) -> None:
        sums: Counter[str] = Counter()
        for row in rows:
            sums[self._ids[row["number"]]] += row["quantity"] * row["unit_price"]
        more = [{"order": order_id, "amount": amount} for order_id, amount in sums.items() if amount]
        if more:
            statement = orders.update().where(orders.c.id == sa.bindparam("order"))
            total = orders.c.total_minor + sa.bindparam("amount", type_=sa.BigInteger)
            self._connection.execute(statement.values(total_minor=total), more)


def match_all(run: Run) -> None:
    """Match every cancellation line of the source that has not found its line yet."""
    with run.context.database.reading() as connection:
        customer_ids = storage.customers_with_open_cancellations(connection, run.source)
    for part in bulk.batches(customer_ids, _CUSTOMERS_AT_ONCE):
        with run.context.database.writing(durable=False) as connection:
            lines = storage.lines_to_match(connection, run.source, part)
            _apply(connection, run.report, [match_cancellations(own) for own in lines.values()])


def _apply(connection: sa.Connection, report: ImportReport, matchings: Sequence[Matching]) -> None:
    """Note the matches; an order of which nothing is left is cancelled, of others the total is what remains."""
    matches = [match for matching in matchings for match in matching.matches]
    taken_back = {order_id: pieces for matching in matchings for order_id, pieces in matching.taken_back.items()}
    there = storage.pieces_of(connection, {match.purchase.order_id for match in matches})
    emptied = {order_id for order_id, (bought, _) in there.items() if taken_back[order_id] == bought}
    totals = {order_id: total for order_id, (_, total) in there.items() if order_id not in emptied}
    for match in matches:
        if match.purchase.order_id in totals:
            totals[match.purchase.order_id] += match.cancellation.quantity * match.purchase.unit_price_minor
    links = [{"id": match.cancellation.id, "cancels_item_id": match.purchase.id} for match in matches]
    bulk.change(connection, order_items, links)
    bulk.change(connection, orders, [{"id": order_id, "total_minor": total} for order_id, total in totals.items()])
    bulk.change(connection, orders, [{"id": order_id, "status": "cancelled"} for order_id in emptied])
    exact = sum(match.exact for match in matches)
    report.note("cancellation_matched", exact)
    report.note("cancellation_matched_in_part", len(matches) - exact)
    report.note("cancellation_unmatched", sum(len(matching.unmatched) for matching in matchings))
    report.note("order_cancelled", len(emptied))


def _heads(rows: Sequence[Row]) -> dict[str, Row]:
    """Give the first row of each order."""
    heads: dict[str, Row] = {}
    for row in rows:
        heads.setdefault(row["number"], row)
    return heads
