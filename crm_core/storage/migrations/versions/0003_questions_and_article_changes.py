"""What customers asked of the articles, whom an article is for, and who changed which article (append-only)."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("articles", sa.Column("audience", sa.String(16), nullable=False, server_default="everyone"))
    op.create_table(
        "article_changes",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("deed", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_changes")),
    )
    op.create_index("ix_article_changes_slug", "article_changes", ["slug", "at"], unique=False)
    op.create_table(
        "question_topics",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=True),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_topics")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("conversation_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("message_id", sa.String(length=64), nullable=False),
        sa.Column("text_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("reply_encrypted", sa.LargeBinary(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("rephrased", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follows_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("topic_id", sa.Uuid(as_uuid=False), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_questions_conversation_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["question_topics.id"], name=op.f("fk_questions_topic_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
        sa.UniqueConstraint(
            "conversation_id",
            "message_id",
            "outcome",
            "slug",
            name=op.f("uq_questions_conversation_id_message_id_outcome_slug"),
        ),
    )
    op.create_index(op.f("ix_questions_asked_at"), "questions", ["asked_at"], unique=False)
    op.create_index(
        "ix_questions_follows",
        "questions",
        ["follows_id"],
        unique=False,
        sqlite_where=sa.text("follows_id IS NOT NULL"),
        postgresql_where=sa.text("follows_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_questions_topic_id"), "questions", ["topic_id"], unique=False)
    op.create_table(
        "handoffs_read",
        sa.Column("handoff_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_handoffs_read_handoff_id")),
        sa.PrimaryKeyConstraint("handoff_id", name=op.f("pk_handoffs_read")),
    )
    for deed in ("update", "delete"):
        _forbid(deed)


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("articles", "audience")
    op.drop_table("handoffs_read")
    op.drop_index(op.f("ix_questions_topic_id"), table_name="questions")
    op.drop_index(
        "ix_questions_follows",
        table_name="questions",
        sqlite_where=sa.text("follows_id IS NOT NULL"),
        postgresql_where=sa.text("follows_id IS NOT NULL"),
    )
    op.drop_index(op.f("ix_questions_asked_at"), table_name="questions")
    op.drop_table("questions")
    op.drop_table("question_topics")
    op.drop_index("ix_article_changes_slug", table_name="article_changes")
    op.drop_table("article_changes")


def _forbid(deed: str) -> None:
    name = f"no_{deed}_of_article_changes"
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed.upper()} ON article_changes "
            "FOR EACH ROW EXECUTE FUNCTION rapport_append_only()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {deed.upper()} ON article_changes "
            "BEGIN SELECT RAISE(ABORT, 'article_changes is append-only'); END"
        )
