"""Feedback that people have labelled: what the feedback models learn from."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.records.consent import Purpose
from crm_core.storage.consents import refuses
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.profiling import refuses_profiling
from crm_core.storage.tables import feedback

Labelled = tuple[str, str, str, str]  # text, language, category, sentiment
_MOST = 100_000  # newest texts


def labelled(connection: sa.Connection, keys: KeyRing) -> list[Labelled]:
    """Give texts whose category and sentiment came with them, not from a model; erased ones are left out."""
    query = (
        sa.select(
            feedback.c.key_id,
            feedback.c.text_encrypted,
            feedback.c.language,
            feedback.c.category,
            feedback.c.sentiment,
        )
        .where(
            feedback.c.model_version.is_(None),
            feedback.c.category.is_not(None),
            feedback.c.sentiment.is_not(None),
            ~refuses_profiling(feedback.c.customer_id),
            ~refuses(feedback.c.customer_id, Purpose.ANALYTICS),
        )
        .order_by(feedback.c.created_at.desc(), feedback.c.id)
        .limit(_MOST)
    )
    found = []
    for key_id, sealed, language, category, sentiment in connection.execute(query).fetchall():
        try:
            found.append((keys.open(connection, key_id, sealed), language, category, sentiment))
        except SubjectKeyGone:
            continue
    return found
