"""Queries on what was recommended and what came of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.people import Reason
from crm_core.records.voice import OfferOutcome, ServedOffer
from crm_core.storage.tables import products, recommendation_outcomes, recommendations_served
from crm_core.storage.upsert import insert_or_ignore

_served = recommendations_served.c


def add(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    """Log offers as served."""
    if rows:
        connection.execute(recommendations_served.insert(), rows)


def add_outcome(connection: sa.Connection, values: dict[str, Any]) -> bool:
    """Log what a customer did with an offer; False when that is known already."""
    return insert_or_ignore(connection, recommendation_outcomes, values) > 0


def conversation_of(connection: sa.Connection, served_id: str) -> tuple[bool, str | None]:
    """Tell whether something was served under an id, and in which conversation."""
    row = connection.execute(sa.select(_served.conversation_id).where(_served.id == served_id)).one_or_none()
    return row is not None, row[0] if row else None


def made_in(connection: sa.Connection, conversation_id: str) -> set[str]:
    """Give the ids of all that was served in a conversation."""
    return set(connection.scalars(sa.select(_served.id).where(_served.conversation_id == conversation_id)))


def of_customer(connection: sa.Connection, customer_id: str, limit: int) -> list[ServedOffer]:
    """Give what a customer was offered, newest first, with the outcomes."""
    return _offers(connection, _served.customer_id == customer_id, limit)


def of_conversation(connection: sa.Connection, conversation_id: str, limit: int) -> list[ServedOffer]:
    """Give what was offered in a conversation, newest first, with the outcomes."""
    return _offers(connection, _served.conversation_id == conversation_id, limit)


def rejected_since(connection: sa.Connection, customer_id: str, since: datetime) -> set[str]:
    """Give the SKUs that a customer has turned down since a moment."""
    query = (
        sa.select(products.c.sku)
        .join(recommendations_served, _served.product_id == products.c.id)
        .join(recommendation_outcomes, recommendation_outcomes.c.served_id == _served.id)
        .where(_served.customer_id == customer_id, recommendation_outcomes.c.event == "reject")
        .where(recommendation_outcomes.c.occurred_at >= since)
    )
    return set(connection.scalars(query))


def _offers(connection: sa.Connection, condition: sa.ColumnElement[bool], limit: int) -> list[ServedOffer]:
    query = (
        sa.select(recommendations_served, products.c.sku, products.c.title_en, products.c.title_zh)
        .join(products, products.c.id == _served.product_id)
        .where(condition)
        .order_by(_served.served_at.desc(), _served.rank)
        .limit(limit)
    )
    rows = list(connection.execute(query).mappings())
    outcomes = _outcomes(connection, [row["id"] for row in rows])
    return [_offer(row, outcomes[row["id"]]) for row in rows]


def _outcomes(connection: sa.Connection, served: Iterable[str]) -> dict[str, list[OfferOutcome]]:
    found: dict[str, list[OfferOutcome]] = defaultdict(list)
    query = (
        sa.select(recommendation_outcomes)
        .where(recommendation_outcomes.c.served_id.in_(list(served)))
        .order_by(recommendation_outcomes.c.occurred_at)
    )
    for row in connection.execute(query).mappings():
        found[row["served_id"]].append(OfferOutcome(row["event"], row["value_minor"], row["occurred_at"]))
    return found


def _offer(row: Any, outcomes: list[OfferOutcome]) -> ServedOffer:
    return ServedOffer(
        id=row["id"],
        customer_id=row["customer_id"],
        conversation_id=row["conversation_id"],
        sku=row["sku"],
        title_en=row["title_en"],
        title_zh=row["title_zh"],
        rank=row["rank"],
        policy=row["policy"],
        propensity=row["propensity"],
        score=row["score"],
        reason=Reason(row["reason"]["code"], row["score"], row["reason"]["values"]),
        served_at=row["served_at"],
        outcomes=tuple(outcomes),
    )
