"""Conversations: the log, the turns, the people who take over, and the end."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.conversations.quiet import earliest, is_over
from crm_core.records.conversations import Author, Conversation, Outcome
from crm_core.storage import conversations as rows
from crm_core.storage import messages
from crm_core.storage.messages import Row
from crm_core.use_cases.conversation_labels import ConversationLabels
from crm_core.use_cases.conversation_timers import ConversationTimers
from crm_core.use_cases.conversation_turns import ConversationTurns

_AT_ONCE = 500


class Conversations(ConversationTurns, ConversationTimers, ConversationLabels):
    """Everything that may be done with a conversation; see the classes it is made of."""

    def close(self, conversation_id: str, outcome: Outcome | None = None) -> Conversation:
        """Close a conversation; one that is closed stays as it is.

        Args:
            conversation_id: Which conversation.
            outcome: How it ended; by default what `conversations.outcome` makes of its log.

        Raises:
            ConversationNotFound: There is none.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            return rows.record(self._close(connection, row, outcome, at))

    def close_idle(self) -> list[str]:
        """Close the conversations that the customer has left, and give their ids.

        One that still waits for the bot's answer is never closed.
        """
        at = self._context.clock()
        idle, patience = self._quiet_times()
        with self._context.database.reading() as connection:
            before = earliest(at, idle=idle, patience=patience)
            quiet = rows.quiet_since(connection, before, _AT_ONCE)
            over = [row.id for row in quiet if self._is_over(connection, row, at)]
        return [conversation_id for conversation_id in over if self._close_if_over(conversation_id, at)]

    def _close_if_over(self, conversation_id: str, at: datetime) -> bool:
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            if row.unanswered or not self._is_over(connection, row, at):
                return False  # somebody wrote meanwhile
            self._close(connection, row, None, at)
            return True

    def _is_over(self, connection: sa.Connection, row: Row, at: datetime) -> bool:
        idle, patience = self._quiet_times()
        last = messages.last_of(connection, row.id, [Author.CUSTOMER, Author.BOT, Author.AGENT], 1)
        author = Author(last[0].author) if last else None
        quiet_for = at - row.last_message_at
        return is_over(rows.ownership(row).state, author, quiet_for, idle=idle, patience=patience)

    def _quiet_times(self) -> tuple[timedelta, timedelta]:
        settings = self._context.settings
        return timedelta(minutes=settings.idle_minutes), timedelta(minutes=settings.waiting_minutes)
