"""Which replies were suggested to agents, and what they made of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    moment, identifier = sa.DateTime(timezone=True), sa.Uuid(as_uuid=False)
    op.create_table(
        "suggestions",
        sa.Column("id", identifier, nullable=False),
        sa.Column("conversation_id", identifier, nullable=False),
        sa.Column("message_id", identifier, nullable=False),
        sa.Column("agent_id", identifier, nullable=False),
        sa.Column("source", sa.String(12), nullable=False),
        sa.Column("reference", sa.String(120), nullable=False),
        sa.Column("shown_at", moment, nullable=False),
        sa.Column("outcome", sa.String(12)),
        sa.Column("decided_at", moment),
        sa.Column("sent_at", moment),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_suggestions_conversation_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_suggestions_message_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_suggestions_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint(
            "message_id", "source", "reference", name=op.f("uq_suggestions_message_id_source_reference")
        ),
    )
    op.create_index(op.f("ix_suggestions_shown_at"), "suggestions", ["shown_at"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("suggestions")
