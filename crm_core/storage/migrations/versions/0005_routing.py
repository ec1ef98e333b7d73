"""Who answers when: teams, presence, priorities, promises, timers and tickets."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
_MOMENT = sa.DateTime(timezone=True)
_ID = sa.Uuid(as_uuid=False)


def _columns() -> dict[str, list[sa.Column[object]]]:
    return {
        "agents": [
            sa.Column("team", sa.String(64)),
            sa.Column("skills", _JSON, nullable=False, server_default="[]"),
            sa.Column("languages", _JSON, nullable=False, server_default='["en", "zh"]'),
            sa.Column("capacity", sa.Integer, nullable=False, server_default="5"),
            sa.Column("presence", sa.String(12), nullable=False, server_default="away"),
            sa.Column("seen_at", _MOMENT),
            sa.Column("assigned_at", _MOMENT),
        ],
        "conversations": [
            sa.Column("priority", sa.String(8), nullable=False, server_default="normal"),
            sa.Column("snoozed_until", _MOMENT),
            sa.Column("nudged_at", _MOMENT),
        ],
        "handoffs": [
            sa.Column("skill", sa.String(32)),
            sa.Column("team", sa.String(64)),
            sa.Column("tried", _JSON, nullable=False, server_default="[]"),
            sa.Column("offered_to", _ID),
            sa.Column("reply_due_at", _MOMENT),
            sa.Column("solve_due_at", _MOMENT),
            sa.Column("first_reply_at", _MOMENT),
        ],
    }


def upgrade() -> None:
    """Go to this version."""
    for table, columns in _columns().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "timers",
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_timers_conversation_id")),
        sa.PrimaryKeyConstraint("conversation_id", "kind", name=op.f("pk_timers")),
    )
    op.create_index(op.f("ix_timers_due_at"), "timers", ["due_at"])
    op.create_table(
        "tickets",
        sa.Column("id", _ID, nullable=False),
        sa.Column("conversation_id", _ID, nullable=False),
        sa.Column("reason", sa.String(24), nullable=False),
        sa.Column("contact_encrypted", sa.LargeBinary()),
        sa.Column("agent_id", _ID),
        sa.Column("created_at", _MOMENT, nullable=False),
        sa.Column("answered_at", _MOMENT),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_tickets_conversation_id")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name=op.f("fk_tickets_agent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_conversation_id"), "tickets", ["conversation_id"])
    op.create_index(
        "uq_tickets_open",
        "tickets",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    )


def downgrade() -> None:
    """Go back to the version before."""
    op.drop_table("tickets")
    op.drop_table("timers")
    for table, columns in _columns().items():
        for column in columns:
            op.drop_column(table, column.name)
