"""What all processes must agree on about the keys: which they are, and whether one was destroyed meanwhile."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "key_ring",
        sa.Column("id", sa.Integer, autoincrement=False),
        sa.Column("master_check", sa.String(32)),
        sa.Column("index_check", sa.String(32)),
        sa.Column("destroyed", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key_ring"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("key_ring")
