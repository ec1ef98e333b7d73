"""What an import keeps beside the records themselves: the rows as they came, and what was done to them."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import identifier, metadata, moment

quality_issues = sa.Table(
    "quality_issues",
    metadata,
    identifier(primary_key=True),
    identifier("import_id", sa.ForeignKey("imports.id"), nullable=False),
    identifier("customer_id", sa.ForeignKey("customers.id"), index=True),
    identifier("key_id", sa.ForeignKey("subject_keys.id"), nullable=False),  # the customer's, else the import's
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("field", sa.String(64), nullable=False),  # empty: the row as a whole
    sa.Column("check", sa.String(48), nullable=False),  # the code of what was found
    sa.Column("action", sa.String(16), nullable=False),  # rejected | dropped | repaired | flagged
    sa.Column("record", sa.String(200), nullable=False),  # SKU, order number … of the record; empty for customers
    sa.Column("before_encrypted", sa.LargeBinary, nullable=False),
    sa.Column("after_encrypted", sa.LargeBinary),
    moment("undone_at"),
    sa.Index("ix_quality_issues_import", "import_id", "field"),
)

quality_fields = sa.Table(
    "quality_fields",
    metadata,
    identifier("import_id", sa.ForeignKey("imports.id"), primary_key=True),
    sa.Column("field", sa.String(64), primary_key=True),
    sa.Column("rows", sa.Integer, nullable=False),  # rows seen for the first time
    sa.Column("missing_before", sa.Integer, nullable=False),  # nothing stood there
    sa.Column("missing_after", sa.Integer, nullable=False),  # among the rows taken, what was left out counted too
    sa.Column("kept", sa.Integer, nullable=False),  # rows taken
    sa.Column("outliers", sa.Integer, nullable=False),
)

raw_records = sa.Table(
    "raw_records",
    metadata,
    identifier(primary_key=True),
    identifier("import_id", sa.ForeignKey("imports.id"), nullable=False, index=True),
    identifier("customer_id", sa.ForeignKey("customers.id"), index=True),
    identifier("key_id", sa.ForeignKey("subject_keys.id"), nullable=False),  # the customer's, else the import's
    sa.Column("content_hash", sa.String(64), nullable=False, unique=True),  # HMAC: source, entity and the rows
    sa.Column("first_line", sa.Integer, nullable=False),
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("content_encrypted", sa.LargeBinary, nullable=False),  # JSON: columns, lines, rows
    moment("received_at", nullable=False),
)

import_cursors = sa.Table(
    "import_cursors",
    metadata,
    sa.Column("source", sa.String(64), primary_key=True),
    sa.Column("entity", sa.String(24), primary_key=True),
    sa.Column("location", sa.String(500), primary_key=True),  # a path, or a hash of URL and query; no secrets
    sa.Column("value", sa.Text, nullable=False),
    moment("updated_at", nullable=False),
)
