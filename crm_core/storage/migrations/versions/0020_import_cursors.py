"""Up to where each part of each source was read, so that the next run takes what is new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_core.storage.tables._columns import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "import_cursors",
        sa.Column("source", sa.String(64), nullable=False),
        sa.Column("entity", sa.String(24), nullable=False),
        sa.Column("location", sa.String(500), nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("source", "entity", "location", name="pk_import_cursors"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("import_cursors")
