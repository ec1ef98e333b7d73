"""The blind index of what was said: which words, without telling them, are in which message."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import identifier, metadata, moment

search_words = sa.Table(
    "search_words",
    metadata,
    sa.Column("word", sa.BigInteger, primary_key=True, autoincrement=False),  # 64 bits of the word's HMAC
    identifier("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Index("ix_search_words_conversation", "conversation_id"),
    sqlite_with_rowid=False,
)

search_positions = sa.Table(
    "search_positions",  # how far each conversation is indexed
    metadata,
    identifier("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("seq", sa.Integer, nullable=False),
    moment("at", nullable=False, index=True),  # of the conversation's last message then
)
