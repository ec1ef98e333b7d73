"""On PostgreSQL interactions lie in a partition for each month; elsewhere nothing changes.

The rule that a sender's message is one row holds across all months, which no index of a partitioned table can see to:
`interactions_sent` does, filled by a trigger that leaves out what was sent before.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_FIXED = (
    *("id", "customer_id", "conversation_id", "session_id", "name", "channel", "source", "external_id"),
    *("product_id", "amount_minor", "currency", "properties", "occurred_at", "received_at"),
)
_MONTHS = """
    SELECT DISTINCT date_trunc('month', occurred_at AT TIME ZONE 'UTC')::date AS month,
        (date_trunc('month', occurred_at AT TIME ZONE 'UTC') + interval '1 month')::date AS after
    FROM interactions_before
    WHERE occurred_at > now() - interval '10 years' AND occurred_at < now() + interval '3 months'
"""
_SENT_BEFORE = """
    CREATE FUNCTION rapport_sent_before() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.external_id IS NULL THEN RETURN NEW; END IF;
        INSERT INTO interactions_sent VALUES (NEW.source, NEW.external_id) ON CONFLICT DO NOTHING;
        IF FOUND THEN RETURN NEW; END IF;
        RETURN NULL;
    END $$
"""


def upgrade() -> None:
    """Go to this version."""
    if op.get_context().dialect.name != "postgresql":
        return
    _set_aside()
    op.execute(
        "CREATE TABLE interactions (LIKE interactions_before INCLUDING DEFAULTS) PARTITION BY RANGE (occurred_at)"
    )
    op.execute("CREATE TABLE interactions_default PARTITION OF interactions DEFAULT")
    for month, after in op.get_bind().execute(sa.text(_MONTHS)).all():
        op.execute(
            f"CREATE TABLE interactions_{month:%Y_%m} PARTITION OF interactions "
            f"FOR VALUES FROM ('{month} 00:00+00') TO ('{after} 00:00+00')"
        )
    op.execute("INSERT INTO interactions SELECT * FROM interactions_before")
    op.execute("DROP TABLE interactions_before")
    _finish(key="id, occurred_at")
    op.execute(
        "CREATE TABLE interactions_sent (source varchar(64), external_id varchar(200), "
        "CONSTRAINT pk_interactions_sent PRIMARY KEY (source, external_id))"
    )
    op.execute(
        "INSERT INTO interactions_sent SELECT source, external_id FROM interactions WHERE external_id IS NOT NULL"
    )
    op.execute(_SENT_BEFORE)
    op.execute(
        "CREATE TRIGGER once_in_interactions BEFORE INSERT ON interactions "
        "FOR EACH ROW EXECUTE FUNCTION rapport_sent_before()"
    )


def downgrade() -> None:
    """Go back to the version before."""
    if op.get_context().dialect.name != "postgresql":
        return
    _set_aside()
    op.execute("CREATE TABLE interactions (LIKE interactions_before INCLUDING DEFAULTS)")
    op.execute("INSERT INTO interactions SELECT * FROM interactions_before")
    op.execute("DROP TABLE interactions_before")
    op.execute("DROP FUNCTION rapport_sent_before()")
    op.execute("DROP TABLE interactions_sent")
    _finish(key="id")
    op.create_unique_constraint("uq_interactions_source_external_id", "interactions", ["source", "external_id"])


def _set_aside() -> None:
    """Keep the rows under another name, and free the names of indexes and rules."""
    op.execute("ALTER TABLE interactions RENAME TO interactions_before")
    op.execute("DROP TRIGGER no_update_of_interactions ON interactions_before")
    for index in ("ix_interactions_customer", "ix_interactions_name"):
        op.execute(f"DROP INDEX {index}")
    for constraint in ("pk_interactions", "fk_interactions_customer_id", "uq_interactions_source_external_id"):
        op.execute(f"ALTER TABLE interactions_before DROP CONSTRAINT IF EXISTS {constraint}")


def _finish(key: str) -> None:
    op.execute(f"ALTER TABLE interactions ADD CONSTRAINT pk_interactions PRIMARY KEY ({key})")
    op.execute(
        "ALTER TABLE interactions ADD CONSTRAINT fk_interactions_customer_id "
        "FOREIGN KEY (customer_id) REFERENCES customers (id)"
    )
    op.create_index("ix_interactions_customer", "interactions", ["customer_id", "occurred_at"])
    op.create_index("ix_interactions_name", "interactions", ["name", "occurred_at"])
    op.execute(
        f"CREATE TRIGGER no_update_of_interactions BEFORE UPDATE OF {', '.join(_FIXED)} ON interactions "
        "FOR EACH ROW EXECUTE FUNCTION rapport_append_only()"
    )
