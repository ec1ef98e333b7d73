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
    sa.Column("team", sa.String(64)),
    sa.Column("skills", Json, nullable=False, server_default="[]"),
    sa.Column("languages", Json, nullable=False, server_default='["en", "zh"]'),  # in which they answer customers
    sa.Column("capacity", sa.Integer, nullable=False, server_default="5"),  # conversations at once
    sa.Column("presence", sa.String(12), nullable=False, server_default="away"),  # available | away: what they chose
    moment("seen_at"),  # an open desk of theirs; without a recent one they are offline
    moment("assigned_at"),  # the last conversation that came by itself
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
    sa.Column("seen_by_customer_seq", sa.Integer, nullable=False, server_default="0"),  # never past last_seq
    sa.Column("seen_by_agent_seq", sa.Integer, nullable=False, server_default="0"),
    sa.Column("unanswered", sa.Integer, nullable=False),  # customer messages the bot has yet to answer
    sa.Column("lease_holder", sa.String(64)),
    moment("lease_until"),
    sa.Column("attempts", sa.Integer, nullable=False),  # failed tries at the present turn
    moment("retry_at"),
    moment("opened_at", nullable=False),
    moment("last_message_at", nullable=False),
    moment("closed_at"),
    sa.Column("priority", sa.String(8), nullable=False, server_default="normal"),  # low | normal | high | urgent
    moment("snoozed_until"),  # out of the lists until then, or until the customer writes
    moment("nudged_at"),  # when a quiet customer was asked whether they are still there
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
    sa.Index("ix_conversations_status", "status", "last_message_at"),
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
    sa.Column("given_seq", sa.Integer),  # customer messages: up to where the sender had the log when it was written
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
    # solved | returned | released | transferred | agent_timed_out | no_agent | cancelled | contact_left | customer_left
    sa.Column("exit", sa.String(24)),
    sa.Column("skill", sa.String(32)),  # wanted of who takes it
    sa.Column("team", sa.String(64)),  # it was sent to
    sa.Column("tried", Json, nullable=False, server_default="[]"),  # those who had it and did not answer
    identifier("offered_to"),  # the colleague who has yet to say yes
    moment("reply_due_at"),  # by the service's own promise
    moment("solve_due_at"),
    moment("first_reply_at"),
    sa.Index(
        "uq_handoffs_open",
        "conversation_id",
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    ),
)

timers = sa.Table(
    "timers",
    metadata,
    identifier("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),  # agent_silent | offer | nobody_came | snooze
    moment("due_at", nullable=False, index=True),
)

tickets = sa.Table(
    "tickets",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("reason", sa.String(24), nullable=False),  # out_of_hours | nobody_came | contact_left
    sa.Column("contact_encrypted", sa.LargeBinary),  # where the customer wants the answer, under the conversation's key
    identifier("agent_id", sa.ForeignKey("agents.id")),  # who answered
    moment("created_at", nullable=False),
    moment("answered_at"),
    sa.Index(
        "uq_tickets_open",
        "conversation_id",
        unique=True,
        sqlite_where=sa.text("answered_at IS NULL"),
        postgresql_where=sa.text("answered_at IS NULL"),
    ),
)

attachments = sa.Table(
    "attachments",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    sa.Column("name_encrypted", sa.LargeBinary, nullable=False),  # as the customer's file is called
    sa.Column("type", sa.String(40), nullable=False),  # as its first bytes say
    sa.Column("size", sa.Integer, nullable=False),  # bytes
    moment("created_at", nullable=False),
)

deliveries = sa.Table(
    "deliveries",
    metadata,
    identifier(primary_key=True),
    identifier("message_id", sa.ForeignKey("messages.id"), nullable=False, unique=True),
    sa.Column("address_encrypted", sa.LargeBinary, nullable=False),  # under the conversation's key
    sa.Column("attempts", sa.Integer, nullable=False),
    moment("due_at", nullable=False),  # the next try; while one is under way, when it counts as failed
    moment("sent_at"),
    moment("dead_at"),  # given up
    sa.Column("error", sa.String(200)),
    sa.Index(
        "ix_deliveries_due",
        "due_at",
        sqlite_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
        postgresql_where=sa.text("sent_at IS NULL AND dead_at IS NULL"),
    ),
)

saved_filters = sa.Table(
    "saved_filters",
    metadata,
    identifier(primary_key=True),
    identifier("agent_id", sa.ForeignKey("agents.id"), nullable=False, index=True),
    sa.Column("name", sa.String(40), nullable=False),
    sa.Column("shelf", sa.String(12), nullable=False),  # which conversations
    sa.Column("wanted", Json, nullable=False),  # what they are narrowed to
    moment("created_at", nullable=False),
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
