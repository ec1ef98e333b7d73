"""What members of staff do inside a conversation: notes for each other, ready replies, tags, and who did what when."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

notes = sa.Table(
    "notes",
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False, index=True),
    identifier("agent_id", sa.ForeignKey("agents.id"), nullable=False),
    sa.Column("after_seq", sa.Integer, nullable=False),  # its place: after this message of the log
    sa.Column("text_encrypted", sa.LargeBinary, nullable=False),  # under the conversation's key
    moment("created_at", nullable=False),
)

note_mentions = sa.Table(
    "note_mentions",
    metadata,
    identifier("note_id", sa.ForeignKey("notes.id"), primary_key=True),
    identifier("agent_id", sa.ForeignKey("agents.id"), primary_key=True),
    moment("read_at"),
    sa.Index("ix_note_mentions_agent", "agent_id", "note_id"),
)

activity = sa.Table(
    "activity",  # append-only; what the log itself tells (joined, left, closed) is not repeated here
    metadata,
    identifier(primary_key=True),
    identifier("conversation_id", sa.ForeignKey("conversations.id"), nullable=False),
    sa.Column("actor", sa.String(64), nullable=False),  # an agent's id, or "system"
    sa.Column("deed", sa.String(32), nullable=False),  # note_added | tag_added | unmasked ...
    sa.Column("detail", Json, nullable=False),  # never personal words
    moment("at", nullable=False),
    sa.Index("ix_activity_conversation", "conversation_id", "at"),
)

canned_replies = sa.Table(
    "canned_replies",
    metadata,
    sa.Column("shortcut", sa.String(32), primary_key=True),
    sa.Column("texts", Json, nullable=False),  # language → text with places in braces
    sa.Column("changed_by", sa.String(64), nullable=False),  # an agent's id, or "system" for those that came with us
    moment("changed_at", nullable=False),
    moment("deleted_at"),
)

conversation_tags = sa.Table(
    "conversation_tags",
    metadata,
    identifier("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("tag", sa.String(40), primary_key=True),
    sa.Column("added_by", sa.String(64), nullable=False),
    moment("added_at", nullable=False),
    sa.Index("ix_conversation_tags_tag", "tag", "conversation_id"),
)
