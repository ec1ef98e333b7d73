"""The rows of `consents`: what a customer agreed to, each answer kept, the last one valid."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.identity.consent import Answer, strictest
from crm_core.records.consent import Consent, Purpose
from crm_core.storage import persons
from crm_core.storage.tables import consents, customers


def refuses(customer_id: sa.ColumnElement[Any], purpose: Purpose) -> sa.ColumnElement[bool]:
    """Tell, in SQL, whether the last word of a customer on a purpose was no; it is asked anew at each use.

    Of several records that are one person the strictest counts, as `crm_core.identity.consent.strictest` has it.
    """
    me, kin, its = customers.alias("me"), customers.alias("kin"), customers.alias("its")
    later = consents.alias("later")
    mine = sa.func.coalesce(me.c.merged_into, me.c.id)
    since_joined = sa.and_(
        sa.or_(its.c.merged_at.is_(None), later.c.given_at > its.c.merged_at),
        sa.or_(kin.c.merged_at.is_(None), later.c.given_at > kin.c.merged_at),
    )
    superseded = (
        sa.exists()
        .where(its.c.id == later.c.customer_id, persons.is_kin(its, mine), later.c.purpose == consents.c.purpose)
        .where(later.c.given_at > consents.c.given_at, sa.or_(its.c.id == kin.c.id, since_joined))
        .correlate_except(later, its)
    )
    return (
        sa.exists()
        .where(me.c.id == customer_id, persons.is_kin(kin, mine), consents.c.customer_id == kin.c.id)
        .where(consents.c.purpose == purpose.value, consents.c.granted.is_(False), ~superseded)
        .correlate_except(consents, me, kin)  # also from within another subquery
    )


def has_refused(connection: sa.Connection, customer_id: str, purpose: Purpose) -> bool:
    """Tell whether the last word of one customer on a purpose was no."""
    return bool(connection.scalar(sa.select(refuses(sa.literal(customer_id, sa.Uuid(as_uuid=False)), purpose))))


def current(connection: sa.Connection, customer_id: str) -> dict[str, bool]:
    """Give what holds for a customer, for each purpose that they were asked about; of several records the strictest."""
    records = connection.execute(
        sa.select(customers.c.id, customers.c.merged_at).where(customers.c.id.in_(persons.records(customer_id)))
    )
    joined_at = {row.id: row.merged_at for row in records}
    query = (
        sa.select(consents.c.customer_id, consents.c.purpose, consents.c.granted, consents.c.given_at)
        .where(consents.c.customer_id.in_(list(joined_at)))
        .order_by(consents.c.given_at, consents.c.id)
    )
    return strictest([Answer(*row) for row in connection.execute(query)], joined_at)


def history(connection: sa.Connection, customer_id: str) -> list[Consent]:
    """Give every answer of a customer, the first one first."""
    query = sa.select(consents).where(consents.c.customer_id == customer_id)
    return [
        Consent(Purpose(row.purpose), row.granted, row.given_at, row.source, row.text_version, row.proof)
        for row in connection.execute(query.order_by(consents.c.given_at, consents.c.id))
    ]


def append(connection: sa.Connection, customer_id: str, answer: Consent) -> None:
    """Keep an answer."""
    connection.execute(
        consents.insert().values(
            id=new_id(),
            customer_id=customer_id,
            purpose=answer.purpose.value,
            granted=answer.granted,
            source=answer.source,
            given_at=answer.given_at,
            text_version=answer.text_version,
            proof=answer.proof,
        )
    )
