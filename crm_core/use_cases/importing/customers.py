"""Customers: new ones are made, known ones completed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from crm_core.intake.chunks import Chunk
from crm_core.intake.refining import AT, Refined
from crm_core.storage import bulk
from crm_core.storage.tables import customers, identities
from crm_core.use_cases.importing.writer import Row, Writer, rows_of

_KINDS = ("customer_number", "email", "phone")  # in the order in which they tell who somebody is
_OPEN = ("language", "country", "city", "gender", "birth_year")
_SEALED = ("name", "address")
Found = dict[str, dict[str, str]]


class CustomerWriter(Writer):
    """Writes customers: who is known by number, e-mail or phone is completed and never doubled."""

    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk's customers."""
        rows = rows_of(refined.frame)
        found = {kind: self._find(connection, kind, rows) for kind in _KINDS}
        new, old, repeated = self._sort_out(rows, found)
        self._add(connection, new, found)
        same = self._complete(connection, old, found)
        return {int(row[AT]) for row in repeated} | same

    def _find(self, connection: sa.Connection, kind: str, rows: Sequence[Row]) -> dict[str, str]:
        values = {row[kind] for row in rows if row.get(kind)}
        return bulk.find_customers(connection, self.run.context.keys, kind, values)

    def _sort_out(self, rows: Sequence[Row], found: Found) -> tuple[list[Row], list[tuple[str, Row]], list[Row]]:
        """Sort rows into new customers, known ones (with their id) and repetitions within the chunk."""
        new, old, repeated = [], [], []
        met: set[tuple[str, str]] = set()
        for row in rows:
            kind = next(kind for kind in _KINDS if row.get(kind))
            known = next((found[kind][row[kind]] for kind in _KINDS if row.get(kind) in found[kind]), None)
            if (kind, row[kind]) in met:
                repeated.append(row)
            elif known is not None:
                old.append((known, row))
            else:
                new.append(row)
            met.add((kind, row[kind]))
        return new, old, repeated

    def _add(self, connection: sa.Connection, rows: Sequence[Row], found: Found) -> None:
        taken = {kind: set(found[kind]) for kind in _KINDS}
        people = []
        for row in rows:
            known_as = {kind: row[kind] for kind in _KINDS if row.get(kind) and row[kind] not in taken[kind]}
            self.run.report.note("contact_taken", sum(bool(row.get(kind)) for kind in _KINDS) - len(known_as))
            for kind, value in known_as.items():
                taken[kind].add(value)
            seen = row.get("created_at") or self.run.started_at
            columns = {name: row.get(name) for name in _OPEN}
            people.append(bulk.NewCustomer(known_as, seen, seen, row.get("name"), row.get("address"), columns))
        bulk.add_customers(connection, self.run.context.keys, people, self.run.source, self.run.started_at)
        self.run.report.created["customers"] += len(people)

    def _complete(self, connection: sa.Connection, pairs: Sequence[tuple[str, Row]], found: Found) -> set[int]:
        """Fill what was not known of customers; give the positions of the rows that told nothing new."""
        ids = {customer_id for customer_id, _ in pairs}
        there = bulk.customer_rows(connection, ids)
        kinds = bulk.identity_kinds(connection, ids)
        self.run.context.keys.prefetch(connection, [row["key_id"] for row in there.values()])
        changes, known_as, same = [], [], set()
        for customer_id, row in pairs:
            old = there[customer_id]
            news = self._news(connection, old, row) if old["status"] == "active" else {}
            more = self._contacts(connection, old, row, kinds[customer_id], found)
            if news:
                changes.append({"id": customer_id, **{name: old[name] for name in _columns()}, **news})
            known_as += more
            if not news and not more:
                same.add(int(row[AT]))
        bulk.change(connection, customers, changes)
        bulk.insert(connection, identities, known_as)
        self.run.report.note("customer_completed", len(pairs) - len(same))
        return same

    def _news(self, connection: sa.Connection, old: Row, row: Row) -> Row:
        news: dict[str, Any] = {name: row[name] for name in _OPEN if old[name] is None and row.get(name) is not None}
        for name in _SEALED:
            if old[f"{name}_encrypted"] is None and row.get(name):
                news[f"{name}_encrypted"] = self.run.context.keys.seal(connection, old["key_id"], row[name])
        return news

    def _contacts(self, connection: sa.Connection, old: Row, row: Row, has: set[str], found: Found) -> list[Row]:
        """Give the rows of contacts that are new, of a kind that the customer has none of, and nobody else's."""
        rows = []
        for kind in _KINDS:
            value = row.get(kind)
            if not value or kind in has or value in found[kind] or old["status"] != "active":
                continue
            found[kind][value] = old["id"]
            rows.append(
                bulk.identity_row(
                    connection,
                    self.run.context.keys,
                    old["id"],
                    old["key_id"],
                    kind,
                    value,
                    self.run.source,
                    self.run.started_at,
                )
            )
        return rows


def _columns() -> tuple[str, ...]:
    return (*_OPEN, *(f"{name}_encrypted" for name in _SEALED))
