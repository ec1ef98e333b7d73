"""Customers who are known only by where they can be reached: an e-mail address or a phone number."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from crm_core.storage import bulk
from crm_core.use_cases.importing.writer import Row, Run

_KINDS = ("email", "phone")  # the surer first


def customers_by_contact(connection: sa.Connection, run: Run, rows: Sequence[Row]) -> dict[str, str]:
    """Give by `external_id` who wrote each row: who is known by the address, and new customers for the others.

    Args:
        connection: The transaction of the chunk.
        run: The run.
        rows: Rows with an `external_id`, and perhaps `email`, `phone`, `name` and `created_at`.
    """
    found = {kind: _find(connection, run, kind, rows) for kind in _KINDS}
    strangers: dict[tuple[str, str], list[Row]] = {}
    customers: dict[str, str] = {}
    for row in rows:
        reached = [(kind, row[kind]) for kind in _KINDS if row.get(kind)]
        known = next((found[kind][value] for kind, value in reached if value in found[kind]), None)
        if known is not None:
            customers[row["external_id"]] = known
        elif reached:
            strangers.setdefault(reached[0], []).append(row)
    new = [_customer(contact, own, run) for contact, own in strangers.items()]
    ids = bulk.add_customers(connection, run.context.keys, new, run.source, run.started_at)
    run.report.created["customers"] += len(ids)
    for customer_id, own in zip(ids, strangers.values(), strict=True):
        customers |= {row["external_id"]: customer_id for row in own}
    return customers


def _find(connection: sa.Connection, run: Run, kind: str, rows: Sequence[Row]) -> dict[str, str]:
    values = {row[kind] for row in rows if row.get(kind)}
    return bulk.find_customers(connection, run.context.keys, kind, values)


def _customer(contact: tuple[str, str], rows: Sequence[Row], run: Run) -> bulk.NewCustomer:
    kind, value = contact
    moments = [row["created_at"] for row in rows if row.get("created_at")] or [run.started_at]
    name = next((row["name"] for row in rows if row.get("name")), None)
    return bulk.NewCustomer({kind: value}, min(moments), max(moments), name)
