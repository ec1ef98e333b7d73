"""Which records are one person, and why."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

merges = sa.Table(
    "merges",
    metadata,
    identifier(primary_key=True),
    # the pair that was compared, the smaller id first; the survivor is in `customers.merged_into`
    identifier("left_id", sa.ForeignKey("customers.id"), nullable=False),
    identifier("right_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False),  # merged | doubtful | apart
    sa.Column("rule", sa.String(16), nullable=False),  # likeness | hand
    sa.Column("weight", sa.Float, nullable=False),  # bits
    sa.Column("evidence", Json, nullable=False),  # by field: level and bits; never a value
    moment("found_at", nullable=False),
    sa.Column("decided_by", sa.String(64)),
    moment("decided_at"),
    sa.UniqueConstraint("left_id", "right_id"),
    sa.Index("ix_merges_state", "state", "weight"),
)

likeness_keys = sa.Table(
    "likeness_keys",  # by which one record finds those that may be the same person
    metadata,
    identifier("customer_id", sa.ForeignKey("customers.id"), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True, index=True),  # HMAC
)
