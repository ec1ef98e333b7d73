"""Conversations: the log, the turns, the owner, deliveries and the people who take over."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

agents = sa.Table(
    "agents",
    metadata,
    identifier(primary_key=True),
    sa.Column("email", sa.String(254), nullable=False, unique=True),
    sa.Column("name", sa.String(120), nullable=False),
    sa.Column("password_hash", sa.String(200), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),  # agent | supervisor | manager | admin
    sa.Column("language", sa.String(8), nullable=False),  # of the pages
    sa.Column("active", sa.Boolean, nullable=False),
    moment("created_at", nullable=False),
    moment("last_sign_in_at"),
)

conversations = sa.Table(
    "conversations",
    metadata,
    identifier(primary_key=True),
    identifier("key_id", sa.ForeignKey("subject_keys.id"), nullable=False),
    sa.Column("channel", sa.String(32), nullable=False),  # web | rest | terminal | ...
    sa.Column("external_id", sa.String(200), nullable=False),  # the visitor or sender on that channel
    identifier("customer_id", sa.ForeignKey("customers.id"), nullable=False, index=True),
    sa.Column("verified", sa.Boolean, nullable=False),  # customer shown by the shop's signed token
    sa.Column("language", sa.String(8), nullable=False),
    sa.Column("status", sa.String(8), nullable=False),  # open | closed
    sa.Column("owner", sa.String(8), nullable=False),  # bot | queue | human
    identifier("agent_id", sa.ForeignKey("agents.id")),
    sa.Column("version", sa.Integer, nullable=False),  # compare-and-set on every change of owner
    # solved_by_bot | solved_by_person | abandoned; None while open
    sa.Column("outcome", sa.String(24)),
    sa.Column("last_seq", sa.Integer, nullable=False),
    sa.Column("delivered_seq", sa.Integer, nullable=False),  # the customer's cursor
    sa.Column("unanswered", sa.Integer, nullable=False),  # customer messages the bot has yet to answer
    sa.Column("lease_holder", sa.String(64)),
    moment("lease_until"),
    sa.Column("attempts", sa.Integer, nullable=False),  # failed tries at the present turn
    moment("retry_at"),
    moment("opened_at", nullable=False),
    moment("last_message_at", nullable=False),
    moment("closed_at"),
    sa.Index(
        "uq_conversations_open",
        "channel",
        "external_id",
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    ),
    sa.Index("ix_conversations_reports", "opened_at", "status", "outcome", "id"),  # the figures read no row
    sa.Index("ix_conversations_sender", "channel", "external_id", "opened_at"),
    sa.Index("ix_conversations_owner", "status", "owner", "last_message_at"),
    sa.Index("ix_conversations_last_message", "last_message_at"),
    sa.Index("ix_conversations_agent", "agent_id", "status"),
    sa.Index(
        "ix_conversations_unanswered",
        "last_message_at",
        sqlite_where=sa.text("unanswered > 0"),
        postgresql_where=sa.text("unanswered > 0"),
    ),
)

messages = sa.Table(
    "messages",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),  # 1, 2, 3 ... without a gap
    sa.Column("author", sa.String(12), nullable=False),  # customer | bot | agent | system
    identifier("agent_id", sa.ForeignKey("agents.id")),
    sa.Column("channel", sa.String(32), nullable=False),
    sa.Column("external_id", sa.String(200)),  # the sender's own id; None for what we write
    sa.Column("body_encrypted", sa.LargeBinary, nullable=False),  # JSON, under the conversation's key
    identifier("answers_id"),  # the customer message that this one answers
    moment("handled_at"),  # customer messages: when a turn (or a person's ownership) took it
    moment("created_at", nullable=False, index=True),
    sa.UniqueConstraint("conversation_id", "seq"),
    sa.UniqueConstraint("channel", "external_id"),
    sa.Index(
        "ix_messages_unhandled",
        "conversation_id",
        "seq",
        sqlite_where=sa.text("author = 'customer' AND handled_at IS NULL"),
        postgresql_where=sa.text("author = 'customer' AND handled_at IS NULL"),
    ),
)

turns = sa.Table(
    "turns",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    identifier("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    sa.Column("intent", sa.String(64)),
    sa.Column("confidence", sa.Float),
    sa.Column("fallback", sa.Boolean, nullable=False),
    sa.Column("suppressed", sa.Boolean, nullable=False),  # a person took over while the bot thought
    sa.Column("failed", sa.Boolean, nullable=False),  # the assistant never answered; an apology went out
    sa.Column("trace", Json, nullable=False),
    sa.Column("duration_ms", sa.Float, nullable=False),
    moment("created_at", nullable=False),
    sa.Index("ix_turns_reports", "created_at", "intent", "fallback", "failed", "suppressed"),  # the figures read no row
)

handoffs = sa.Table(
    "handoffs",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(64), nullable=False),
    sa.Column("requested_by", sa.String(12), nullable=False),  # customer | bot | agent
    moment("requested_at", nullable=False, index=True),
    identifier("agent_id", sa.ForeignKey("agents.id")),
    moment("taken_at"),
    moment("ended_at"),
    sa.Column("exit", sa.String(24)),  # solved | returned | released | cancelled | customer_left
    sa.Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

ratings = sa.Table(
    "ratings",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, unique=True),
    sa.Column("score", sa.Integer, nullable=False),  # 1 (bad) to 5 (good)
    sa.Column("comment_encrypted", sa.LargeBinary),
    moment("created_at", nullable=False),
)

access_log = sa.Table(
    "access_log",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True),
    moment("at", nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("action", sa.String(48), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("fields", Json, nullable=False),
    sa.Column("previous_hash", sa.String(64), nullable=False),
    sa.Column("hash", sa.String(64), nullable=False),
)
