"""Which replies were suggested to agents, and what they made of them."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import identifier, metadata, moment

suggestions = sa.Table(
    "suggestions",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    identifier("message_id", sa.ForeignKey("messages.id"), nullable=False),  # the customer's, to which it would answer
    identifier("agent_id", sa.ForeignKey("agents.id"), nullable=False),  # to whom it was shown
    sa.Column("source", sa.String(12), nullable=False),  # article | colleague
    sa.Column("reference", sa.String(120), nullable=False),  # the article's slug or the question's id
    moment("shown_at", nullable=False, index=True),
    sa.Column("outcome", sa.String(12)),  # accepted | edited | dismissed; None: only shown
    moment("decided_at"),
    moment("sent_at"),
    sa.UniqueConstraint("message_id", "source", "reference"),
)
