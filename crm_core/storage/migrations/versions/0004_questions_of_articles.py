"""How customers ask for an article, kept with it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    kind = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    op.add_column("articles", sa.Column("questions", kind, nullable=False, server_default="[]"))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("articles", "questions")
