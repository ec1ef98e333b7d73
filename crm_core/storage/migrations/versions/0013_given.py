"""Up to where a sender had the log when a message was written, so that any gateway can repeat a lost answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.add_column("messages", sa.Column("given_seq", sa.Integer()))


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_column("messages", "given_seq")
