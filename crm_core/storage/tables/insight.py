"""What is learned of customers: interactions, feedback, scores, segments, recommendations, models, articles."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

interactions = sa.Table(
    "interactions",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    identifier("conversation_id"),
    sa.Column("session_id", sa.String(64)),
    sa.Column("name", sa.String(64), nullable=False),  # Segment's names: Product Viewed, Order Completed ...
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("external_id", sa.String(200)),  # the sender's message id; a repeat is one row
    identifier("product_id"),
    sa.Column("amount_minor", sa.BigInteger),
    sa.Column("currency", sa.String(3)),
    sa.Column("properties", Json, nullable=False),  # never personal values
    moment("occurred_at", nullable=False),
    moment("received_at", nullable=False),
    sa.UniqueConstraint("source", "external_id"),
    sa.Index("ix_interactions_customer", "customer_id", "occurred_at"),
    sa.Index("ix_interactions_name", "name", "occurred_at"),
)

feedback = sa.Table(
    "feedback",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), index=True),
    identifier("key_id", sa.ForeignKey("subject_keys.id"), nullable=False),
    identifier("conversation_id"),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("external_id", sa.String(200)),
    sa.Column("text_encrypted", sa.LargeBinary, nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("category", sa.String(48)),
    sa.Column("category_probability", sa.Float),
    sa.Column("sentiment", sa.String(12)),  # negative | neutral | positive
    sa.Column("sentiment_probability", sa.Float),
    sa.Column("serious", sa.Boolean, nullable=False),
    sa.Column("reasons", Json, nullable=False),  # the words that decided, with their weights
    sa.Column("model_version", sa.String(64)),
    sa.Column("rating", sa.Integer),
    moment("created_at", nullable=False, index=True),
    sa.UniqueConstraint("source", "external_id"),
)

model_versions = sa.Table(
    "model_versions",
    metadata,
    sa.Column("version", sa.String(64), primary_key=True),  # task-20261122T161500
    sa.Column("task", sa.String(48), nullable=False),
    sa.Column("algorithm", sa.String(64), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),  # live | shadow | retired
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("metrics", Json, nullable=False),
    sa.Column("baseline", Json, nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    moment("trained_at", nullable=False),
    sa.Index(
        "uq_model_versions_live",
        "task",
        unique=True,
        sqlite_where=sa.text("status = 'live'"),
        postgresql_where=sa.text("status = 'live'"),
    ),
)

scores = sa.Table(
    "scores",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False),
    sa.Column("task", sa.String(48), nullable=False),  # segment | purchase_intent
    sa.Column("value", sa.Float, nullable=False),
    sa.Column("lower", sa.Float),
    sa.Column("upper", sa.Float),
    sa.Column("label", sa.String(64)),  # segment's key; low | medium | high
    sa.Column("reasons", Json, nullable=False),  # [{"code", "weight", "values": {...}}]
    sa.Column("model_version", sa.String(64), nullable=False),
    moment("as_of", nullable=False),
    sa.UniqueConstraint("customer_id", "task", "model_version", "as_of"),
    sa.Index("ix_scores_current", "customer_id", "task", "as_of"),
)

score_uses = sa.Table(
    "score_uses",
    metadata,
    identifier(primary_key=True),
    identifier("score_id", sa.ForeignKey("scores.id"), nullable=False, index=True),
    identifier("conversation_id"),
    sa.Column("purpose", sa.String(48), nullable=False),  # what the score changed
    moment("used_at", nullable=False),
)

segments = sa.Table(
    "segments",
    metadata,
    sa.Column("model_version", sa.String(64), primary_key=True),
    sa.Column("key", sa.String(64), primary_key=True),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("profile", Json, nullable=False),  # medians of recency_days, orders, spent_minor ...
    sa.Column("rules", Json, nullable=False),  # what tells this group apart
)

recommendations_served = sa.Table(
    "recommendations_served",
    metadata,
    identifier(primary_key=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    identifier("conversation_id"),
    identifier("product_id", sa.ForeignKey("products.id"), nullable=False),
    sa.Column("rank", sa.Integer, nullable=False),
    sa.Column("policy", sa.String(64), nullable=False),
    sa.Column("propensity", sa.Float, nullable=False),
    sa.Column("score", sa.Float, nullable=False),
    sa.Column("reason", Json, nullable=False),  # {"code", "values"}
    moment("served_at", nullable=False, index=True),
)

recommendation_outcomes = sa.Table(
    "recommendation_outcomes",
    metadata,
    identifier(primary_key=True),
    identifier("served_id", sa.ForeignKey("recommendations_served.id"), nullable=False),
    sa.Column("event", sa.String(12), nullable=False),  # seen | click | cart | buy | reject
    sa.Column("value_minor", sa.BigInteger),
    moment("occurred_at", nullable=False),
    sa.UniqueConstraint("served_id", "event"),
)

articles = sa.Table(
    "articles",
    metadata,
    identifier(primary_key=True),
    sa.Column("slug", sa.String(120), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("category", sa.String(80), nullable=False),
    sa.Column("keywords", Json, nullable=False),
    sa.Column("questions", Json, nullable=False, server_default="[]"),  # as customers ask them
    sa.Column("audience", sa.String(16), nullable=False, server_default="everyone"),  # `Audience` names them
    moment("valid_from"),
    moment("valid_to"),
    moment("updated_at", nullable=False),
    sa.UniqueConstraint("slug", "language"),
)

imports = sa.Table(
    "imports",
    metadata,
    identifier(primary_key=True),
    identifier("key_id", sa.ForeignKey("subject_keys.id")),  # seals what belongs to no customer
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("entity", sa.String(24), nullable=False),  # `crm_core.intake.entities` names them
    sa.Column("file_name", sa.String(300), nullable=False),
    sa.Column("file_sha256", sa.String(64), nullable=False),
    sa.Column("rows_read", sa.Integer, nullable=False),
    sa.Column("accepted", sa.Integer, nullable=False),
    sa.Column("rejected", sa.Integer, nullable=False),
    sa.Column("repaired", sa.Integer, nullable=False),
    sa.Column("known", sa.Integer, nullable=False),  # rows that an earlier import had brought
    sa.Column("reasons", Json, nullable=False),
    moment("started_at", nullable=False),
    moment("finished_at"),
)
