"""What was wrong with imported values and what was done about it; the rows as they came."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_core.storage.tables._columns import UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.Uuid(as_uuid=False)


def upgrade() -> None:
    """Go to this version."""
    with op.batch_alter_table("imports") as table:
        table.add_column(sa.Column("key_id", _ID))
        table.create_foreign_key("fk_imports_key_id", "subject_keys", ["key_id"], ["id"])
    op.create_table(
        "quality_issues",
        sa.Column("id", _ID, nullable=False),
        sa.Column("import_id", _ID, nullable=False),
        sa.Column("customer_id", _ID),
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("check", sa.String(48), nullable=False),
        sa.Column("action", sa.String(16), nullable=False),
        sa.Column("record", sa.String(200), nullable=False),
        sa.Column("before_encrypted", sa.LargeBinary, nullable=False),
        sa.Column("after_encrypted", sa.LargeBinary),
        sa.Column("undone_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_quality_issues"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_quality_issues_import_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_quality_issues_customer_id"),
        sa.ForeignKeyConstraint(["key_id"], ["subject_keys.id"], name="fk_quality_issues_key_id"),
    )
    op.create_index("ix_quality_issues_customer_id", "quality_issues", ["customer_id"])
    op.create_index("ix_quality_issues_import", "quality_issues", ["import_id", "field"])
    op.create_table(
        "quality_fields",
        sa.Column("import_id", _ID, nullable=False),
        sa.Column("field", sa.String(64), nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("missing_before", sa.Integer, nullable=False),
        sa.Column("missing_after", sa.Integer, nullable=False),
        sa.Column("kept", sa.Integer, nullable=False),
        sa.Column("outliers", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "field", name="pk_quality_fields"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_quality_fields_import_id"),
    )
    op.create_table(
        "raw_records",
        sa.Column("id", _ID, nullable=False),
        sa.Column("import_id", _ID, nullable=False),
        sa.Column("customer_id", _ID),
        sa.Column("key_id", _ID, nullable=False),
        sa.Column("content_hash", sa.String(64), nullable=False),
        sa.Column("first_line", sa.Integer, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("content_encrypted", sa.LargeBinary, nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_raw_records"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name="fk_raw_records_import_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_raw_records_customer_id"),
        sa.ForeignKeyConstraint(["key_id"], ["subject_keys.id"], name="fk_raw_records_key_id"),
        sa.UniqueConstraint("content_hash", name="uq_raw_records_content_hash"),
    )
    op.create_index("ix_raw_records_import_id", "raw_records", ["import_id"])
    op.create_index("ix_raw_records_customer_id", "raw_records", ["customer_id"])


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("raw_records")
    op.drop_table("quality_fields")
    op.drop_table("quality_issues")
    with op.batch_alter_table("imports") as table:
        table.drop_constraint("fk_imports_key_id", type_="foreignkey")
        table.drop_column("key_id")
