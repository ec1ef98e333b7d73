"""What every writer of an import shares: the run, its counts, and the customers it meets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa
from cachetools import LRUCache

from crm_core.intake.chunks import Chunk
from crm_core.intake.mapping import Mapping as FileMapping
from crm_core.intake.refining import AT, Refined, Refiner
from crm_core.intake.report import ImportReport
from crm_core.storage import bulk
from crm_core.use_cases.context import Context

Row = dict[str, Any]
_REMEMBERED = 250_000


@dataclass
class Run:
    """One run of one import.

    Attributes:
        since: An id made at the start: rows with a greater id are this run's own (UUIDv7 are ordered by time).
        customers: Customer number → customer id, of those met lately.
        key_of: Customer id → key id, of those met lately; a customer never gets another.
    """

    context: Context
    source: str
    mapping: FileMapping
    refiner: Refiner
    report: ImportReport
    started_at: datetime
    since: str
    customers: LRUCache[str, str] = field(default_factory=lambda: LRUCache(_REMEMBERED))
    key_of: LRUCache[str, str] = field(default_factory=lambda: LRUCache(_REMEMBERED))

    @property
    def currency(self) -> str:
        """The currency of amounts that name none."""
        return self.context.settings.currency


class Writer(ABC):
    """Writes the refined rows of one entity.

    Args:
        run: The run that it writes for.
    """

    def __init__(self, run: Run) -> None:
        self.run = run

    def check(self, chunk: Chunk, refined: Refined) -> None:  # noqa: B027 - most have no rules of their own
        """Reject what the entity's own rules do not let through; before anything is written."""

    @abstractmethod
    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk; what turns out to be unusable is rejected.

        Returns:
            Positions of the rows that were there already.
        """

    def finish(self) -> None:  # noqa: B027 - most have nothing left to do
        """Do what can only be done when every row is written."""


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Give a frame's rows as plain dictionaries, with None for what is missing."""
    columns = {str(name): _plain(frame[name]) for name in frame}
    names = list(columns)
    return [dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def customers_by_number(
    connection: sa.Connection, run: Run, numbers: Iterable[str | None], *, make_from: Mapping[str, Row] | None = None
) -> dict[str, str]:
    """Give the customers with these numbers; with `make_from`, unknown ones are made of what their row says."""
    wanted = {number for number in numbers if number}
    found = {number: run.customers[number] for number in wanted if number in run.customers}
    unknown = wanted - found.keys()
    fresh = bulk.find_customers(connection, run.context.keys, "customer_number", unknown)
    missing = sorted(unknown - fresh.keys())
    if missing and make_from is not None:
        new = [_new_customer(number, make_from[number], run.started_at) for number in missing]
        new = _without_taken(connection, run, new)
        ids = bulk.add_customers(connection, run.context.keys, new, run.source, run.started_at)
        fresh |= dict(zip(missing, ids, strict=True))
        run.report.created["customers"] += len(ids)
    run.customers.update(fresh)
    return found | fresh


def key_ids(connection: sa.Connection, run: Run, customer_ids: Iterable[str]) -> dict[str, str]:
    """Give the key of each customer, those met lately without asking the database."""
    wanted = set(customer_ids)
    found = {customer_id: run.key_of[customer_id] for customer_id in wanted if customer_id in run.key_of}
    fresh = bulk.key_ids(connection, wanted - found.keys())
    run.key_of.update(fresh)
    return found | fresh


def positions(rows: Iterable[Row]) -> set[int]:
    """Give the positions of rows in their chunk."""
    return {int(row[AT]) for row in rows}


def _new_customer(number: str, row: Row, moment: datetime) -> bulk.NewCustomer:
    seen = row.get("placed_at") or moment
    known_as = {"customer_number": number} | {kind: row[kind] for kind in ("email", "phone") if row.get(kind)}
    columns = {name: row.get(name) for name in ("language", "country", "city")}
    return bulk.NewCustomer(known_as, seen, seen, row.get("name"), row.get("address"), columns)


def _without_taken(connection: sa.Connection, run: Run, new: list[bulk.NewCustomer]) -> list[bulk.NewCustomer]:
    """Take out e-mail addresses and phone numbers that are somebody else's, or that two of the new ones share."""
    taken: dict[str, set[str]] = {}
    for kind in ("email", "phone"):
        values = {customer.identities[kind] for customer in new if kind in customer.identities}
        taken[kind] = set(bulk.find_customers(connection, run.context.keys, kind, values)) if values else set()
    kept = []
    for customer in new:
        own = {kind: value for kind, value in customer.identities.items() if value not in taken.get(kind, set())}
        for kind in taken:
            taken[kind].update({own[kind]} if kind in own else set())
        kept.append(bulk.NewCustomer(**{**customer.__dict__, "identities": own}))
    return kept


def _plain(column: pd.Series[Any]) -> list[Any]:
    values: list[Any] = column.tolist()
    if column.dtype == object:  # clean values: None where there is none
        return values
    return [None if value != value else value for value in values]
