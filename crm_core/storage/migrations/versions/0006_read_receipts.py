"""How far each side has read, and the files that customers send."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_MARKS = ("seen_by_customer_seq", "seen_by_agent_seq")
_ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    """Go to this version."""
    for mark in _MARKS:
        op.add_column("conversations", sa.Column(mark, sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE conversations SET seen_by_customer_seq = delivered_seq WHERE channel = 'web'")
    op.create_table(
        "attachments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("name_encrypted", sa.LargeBinary(), nullable=False),
        sa.Column("type", sa.String(40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_attachments_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    op.create_index(op.f("ix_attachments_conversation_id"), "attachments", ["conversation_id"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("attachments")
    for mark in _MARKS:
        op.drop_column("conversations", mark)
