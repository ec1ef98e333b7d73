"""The rows of `consents`: what a customer agreed to, each answer kept, the last one valid."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.consent import Consent, Purpose
from crm_core.storage.tables import consents


def refuses(customer_id: sa.ColumnElement[Any], purpose: Purpose) -> sa.ColumnElement[bool]:
    """Tell, in SQL, whether the last word of a customer on a purpose was no; it is asked anew at each use."""
    later = consents.alias("later")
    superseded = sa.exists().where(
        later.c.customer_id == consents.c.customer_id,
        later.c.purpose == consents.c.purpose,
        later.c.given_at > consents.c.given_at,
    )
    return sa.exists().where(
        consents.c.customer_id == customer_id,
        consents.c.purpose == purpose.value,
        consents.c.granted.is_(False),
        ~superseded,
    )


def has_refused(connection: sa.Connection, customer_id: str, purpose: Purpose) -> bool:
    """Tell whether the last word of one customer on a purpose was no."""
    return bool(connection.scalar(sa.select(refuses(sa.literal(customer_id, sa.Uuid(as_uuid=False)), purpose))))


def current(connection: sa.Connection, customer_id: str) -> dict[str, bool]:
    """Give a customer's last answer for each purpose that they were asked about."""
    return {answer.purpose.value: answer.granted for answer in history(connection, customer_id)}


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
