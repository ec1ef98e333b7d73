"""Which records are one person: each merge with its evidence, and what each record was before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_core.storage.tables._columns import Json, UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("left_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("right_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("rule", sa.String(16), nullable=False),
        sa.Column("weight", sa.Float, nullable=False),
        sa.Column("evidence", Json, nullable=False),
        sa.Column("found_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
        sa.ForeignKeyConstraint(["left_id"], ["customers.id"], name="fk_merges_left_id_customers"),
        sa.ForeignKeyConstraint(["right_id"], ["customers.id"], name="fk_merges_right_id_customers"),
        sa.UniqueConstraint("left_id", "right_id", name="uq_merges_left_id_right_id"),
    )
    op.create_index("ix_merges_right_id", "merges", ["right_id"])
    op.create_index("ix_merges_state", "merges", ["state", "weight"])
    op.create_table(
        "likeness_keys",
        sa.Column("customer_id", sa.Uuid(as_uuid=False), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "key", name="pk_likeness_keys"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_likeness_keys_customer_id_customers"),
    )
    op.create_index("ix_likeness_keys_key", "likeness_keys", ["key"])
    op.add_column("customers", sa.Column("merged_at", UtcDateTime(), nullable=True))
    op.add_column("customers", sa.Column("status_before", sa.String(16), nullable=True))
    op.create_index("ix_customers_merged_into", "customers", ["merged_into"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_index("ix_customers_merged_into", "customers")
    op.drop_column("customers", "status_before")
    op.drop_column("customers", "merged_at")
    op.drop_table("likeness_keys")
    op.drop_table("merges")
