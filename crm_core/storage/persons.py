"""Several records that are one person: the survivor and all that were merged into it, whichever of them is asked for.

No row ever moves when records are merged: orders, messages and answers stay with the record that they came to, and
whoever wants to see the person reads all of the person's records.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.storage.tables import customers


def survivor(customer_id: str | sa.ColumnElement[Any]) -> sa.ScalarSelect[Any]:
    """Give, in SQL, the record that stands for the person."""
    me = customers.alias()
    return sa.select(sa.func.coalesce(me.c.merged_into, me.c.id)).where(me.c.id == customer_id).scalar_subquery()


def records(customer_id: str) -> sa.Select[tuple[str]]:
    """Give, in SQL, the ids of all records of a person, for `column.in_(…)`."""
    kin = customers.alias()
    return sa.select(kin.c.id).where(is_kin(kin, survivor(customer_id)))


def is_kin(kin: Any, survivor_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Tell, in SQL, whether a row of `customers` is one of the survivor's records."""
    return sa.or_(kin.c.id == survivor_id, kin.c.merged_into == survivor_id)


def ids(connection: sa.Connection, customer_id: str) -> list[str]:
    """Give the ids of all records of a person, the survivor first."""
    found: Any = connection.scalars(records(customer_id)).all()
    first = connection.scalar(sa.select(survivor(customer_id)))
    return sorted(found, key=lambda record: (record != first, record))


def merged_into(connection: sa.Connection, first: str, last: str) -> list[str]:
    """Give the records that were merged into customers between two ids."""
    into = customers.c.merged_into
    return list(connection.scalars(sa.select(customers.c.id).where(into >= first, into <= last)))
