"""Customers, who they are known as, and the keys that their personal values are encrypted with."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

subject_keys = sa.Table(
    "subject_keys",
    metadata,
    identifier(primary_key=True),
    sa.Column("wrapped_key", sa.LargeBinary, nullable=True),  # None once destroyed
    moment("created_at", nullable=False),
    moment("destroyed_at"),
)

key_ring = sa.Table(
    "key_ring",  # one row: what all processes must agree on about the keys
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("master_check", sa.String(32)),  # tells the master key that wraps new keys
    sa.Column("index_check", sa.String(32)),
    sa.Column("destroyed", sa.Integer, nullable=False),  # keys so far; another number: forget those in memory
)

customers = sa.Table(
    "customers",
    metadata,
    identifier(primary_key=True),
    identifier("key_id", sa.ForeignKey("subject_keys.id"), nullable=False),
    # active | anonymous | merged | erased
    sa.Column("status", sa.String(16), nullable=False),
    identifier("merged_into", sa.ForeignKey("customers.id"), index=True),  # the survivor itself, never a merged one
    moment("merged_at"),
    sa.Column("status_before", sa.String(16)),  # of a merged one
    sa.Column("language", sa.String(8)),
    sa.Column("country", sa.String(2)),
    sa.Column("city", sa.String(80)),
    sa.Column("name_encrypted", sa.LargeBinary),
    sa.Column("address_encrypted", sa.LargeBinary),
    sa.Column("gender", sa.String(16)),
    sa.Column("birth_year", sa.Integer),
    sa.Column("attributes", Json, nullable=False),
    moment("first_seen_at", nullable=False),
    moment("last_seen_at", nullable=False, index=True),
)

identities = sa.Table(
    "identities",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    # email | phone | customer_number | visitor
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("value_encrypted", sa.LargeBinary, nullable=False),
    sa.Column("value_index", sa.String(64), nullable=False),  # HMAC of the normalised value
    moment("verified_at"),
    moment("valid_from", nullable=False),
    moment("valid_to"),
    sa.Index(
        "uq_identities_current",
        "kind",
        "value_index",
        unique=True,
        sqlite_where=sa.text("valid_to IS NULL"),
        postgresql_where=sa.text("valid_to IS NULL"),
    ),
)

consents = sa.Table(
    "consents",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("purpose", sa.String(24), nullable=False),  # service | analytics | profiling | marketing
    sa.Column("granted", sa.Boolean, nullable=False),
    sa.Column("source", sa.String(64), nullable=False),
    moment("given_at", nullable=False),
    sa.Column("text_version", sa.String(64)),  # of the words that were agreed to
    sa.Column("proof", sa.String(200)),  # where it can be seen: message:<id>, form:<id> ...
    sa.Index("ix_consents_current", "customer_id", "purpose", "given_at"),
)

privacy_requests = sa.Table(
    "privacy_requests",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(16), nullable=False),  # export | erase | rectify
    identifier("conversation_id"),
    moment("requested_at", nullable=False),
    moment("done_at"),
    sa.Column("detail", Json, nullable=False),
)
