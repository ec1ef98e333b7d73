"""The rows of `interactions`: what customers did, appended and never rewritten."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.people import Interaction
from crm_core.storage import bulk
from crm_core.storage.tables import interactions, products
from crm_core.storage.upsert import insert_or_ignore

_sent = sa.table("interactions_sent", sa.column("source"), sa.column("external_id"))  # PostgreSQL's, over all months


def append(connection: sa.Connection, values: dict[str, Any]) -> bool:
    """Add one; False where the source has sent it before."""
    return insert_or_ignore(connection, interactions, {"id": new_id()} | values) == 1


def sent_before(connection: sa.Connection, source: str, external_ids: Collection[str]) -> set[str]:
    """Give which messages of a source are there already."""
    if connection.dialect.name == "postgresql":
        return bulk.known_values(connection, _sent.c.external_id, external_ids, _sent.c.source == source)
    return bulk.known_values(connection, interactions.c.external_id, external_ids, interactions.c.source == source)


def product_id(connection: sa.Connection, sku: str) -> str | None:
    """Give the product behind a code, if there is one."""
    found: str | None = connection.scalar(sa.select(products.c.id).where(products.c.sku == sku))
    return found


def of_customer(connection: sa.Connection, customer_id: str, limit: int) -> list[Interaction]:
    """Give what a customer did, the newest first."""
    query = (
        sa.select(interactions)
        .where(interactions.c.customer_id == customer_id)
        .order_by(interactions.c.occurred_at.desc(), interactions.c.id.desc())
        .limit(limit)
    )
    return [
        Interaction(
            id=row.id,
            name=row.name,
            channel=row.channel,
            source=row.source,
            conversation_id=row.conversation_id,
            product_id=row.product_id,
            amount_minor=row.amount_minor,
            currency=row.currency,
            properties=row.properties,
            occurred_at=row.occurred_at,
        )
        for row in connection.execute(query)
    ]
