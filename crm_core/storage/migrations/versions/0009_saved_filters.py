"""Lists of conversations that people keep, and an index for lists by state."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "saved_filters",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("agent_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("shelf", sa.String(12), nullable=False),
        sa.Column("wanted", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_saved_filters_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
    )
    op.create_index(op.f("ix_saved_filters_agent_id"), "saved_filters", ["agent_id"])
    op.create_index("ix_conversations_status", "conversations", ["status", "last_message_at"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_conversations_status", table_name="conversations")
    op.drop_table("saved_filters")
