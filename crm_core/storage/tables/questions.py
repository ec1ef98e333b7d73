"""What customers asked of the articles, what came of it, and who changed which article."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

question_topics = sa.Table(
    "question_topics",
    metadata,
    identifier(primary_key=True),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("status", sa.String(12), nullable=False),  # open | answered | dismissed
    sa.Column("slug", sa.String(120)),  # the article that answers it now
    sa.Column("decided_by", sa.String(64)),
    moment("decided_at"),
    moment("created_at", nullable=False),
)

questions = sa.Table(
    "questions",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("message_id", sa.String(64), nullable=False),  # of the customer's message
    sa.Column("text_encrypted", sa.LargeBinary, nullable=False),  # masked, under the conversation's key
    sa.Column("reply_encrypted", sa.LargeBinary),  # what a person answered, masked
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("outcome", sa.String(12), nullable=False),  # answered | unknown | fallback | person
    sa.Column("slug", sa.String(120), nullable=False),  # of the article quoted; empty where there was none
    sa.Column("score", sa.Float),
    sa.Column("rephrased", sa.Boolean, nullable=False),
    sa.Column("helped", sa.Boolean),  # what the customer said; None: nothing
    moment("judged_at"),
    identifier("follows_id"),  # the answer that had not helped, where this one is the next best
    identifier("topic_id", sa.ForeignKey("question_topics.id"), index=True),
    moment("asked_at", nullable=False, index=True),
    sa.UniqueConstraint("conversation_id", "message_id", "outcome", "slug"),
    sa.Index(
        "ix_questions_follows",
        "follows_id",
        sqlite_where=sa.text("follows_id IS NOT NULL"),
        postgresql_where=sa.text("follows_id IS NOT NULL"),
    ),
)

handoffs_read = sa.Table(
    "handoffs_read",  # those from which questions and people's answers were taken
    metadata,
    identifier("handoff_id", sa.ForeignKey("handoffs.id"), primary_key=True),
    moment("read_at", nullable=False),
)

article_changes = sa.Table(
    "article_changes",  # append-only
    metadata,
    identifier(primary_key=True),
    sa.Column("slug", sa.String(120), nullable=False),
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("deed", sa.String(12), nullable=False),  # created | changed | withdrawn | deleted
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("before", Json),
    sa.Column("after", Json),
    moment("at", nullable=False),
    sa.Index("ix_article_changes_slug", "slug", "at"),
)
