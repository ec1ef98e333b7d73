"""What was said and what happened is never rewritten, and the access log is never shortened either.

Whether a message was handled may still be noted on it. Rows of `messages` and `interactions` may go as a whole, when
their time is over; rows of `access_log` may not.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FIXED = {
    "messages": (
        *("id", "conversation_id", "seq", "author", "agent_id", "channel"),
        *("external_id", "body_encrypted", "answers_id", "created_at"),
    ),
    "interactions": (
        *("id", "customer_id", "conversation_id", "session_id", "name", "channel", "source", "external_id"),
        *("product_id", "amount_minor", "currency", "properties", "occurred_at", "received_at"),
    ),
    "access_log": ("id", "at", "actor", "role", "action", "subject", "fields", "previous_hash", "hash"),
}
_UNDELETED = ("access_log",)


def upgrade() -> None:
    """Go to this version."""
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION rapport_append_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    for table, columns in _FIXED.items():
        _forbid(table, "update", f"UPDATE OF {', '.join(columns)}")
    for table in _UNDELETED:
        _forbid(table, "delete", "DELETE")


def downgrade() -> None:
    """Go back to the version before."""
    postgresql = op.get_context().dialect.name == "postgresql"
    for table in _FIXED:
        op.execute(f"DROP TRIGGER no_update_of_{table}" + (f" ON {table}" if postgresql else ""))
    for table in _UNDELETED:
        op.execute(f"DROP TRIGGER no_delete_of_{table}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        op.execute("DROP FUNCTION rapport_append_only()")


def _forbid(table: str, deed: str, event: str) -> None:
    name = f"no_{deed}_of_{table}"
    if op.get_context().dialect.name == "postgresql":
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION rapport_append_only()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
