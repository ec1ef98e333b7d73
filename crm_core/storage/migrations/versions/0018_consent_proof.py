"""To which words somebody agreed, and where that can be seen."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("consents", sa.Column("text_version", sa.String(64)))
    op.add_column("consents", sa.Column("proof", sa.String(200)))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("consents", "proof")
    op.drop_column("consents", "text_version")
