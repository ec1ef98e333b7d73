"""The bot's turns: leased, finished in one commit, or put off while the assistant is away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_core.conversations.owner import State
from crm_core.errors import LeaseLost
from crm_core.records.conversations import Author, Message, PendingTurn, Turn, TurnResult
from crm_core.storage import conversations as rows
from crm_core.storage import messages, tickets, turns
from crm_core.storage.messages import Draft, Row
from crm_core.use_cases.conversation_moves import ConversationMoves


class ConversationTurns(ConversationMoves):
    """One message at a time, by one gateway at a time."""

    def next_turn(self, conversation_id: str, holder: str, *, lease_seconds: float) -> PendingTurn | None:
        """Take the conversation's oldest unanswered message, if it is the bot's to answer, due and held by nobody.

        Args:
            conversation_id: Which conversation.
            holder: Who takes it; one name per process, new at each start.
            lease_seconds: After that long without an end, anybody may take it over.
        """
        at = self._context.clock()
        with self._context.database.writing(durable=False) as connection:
            row = rows.lease(connection, conversation_id, holder, at, lease_seconds)
            if row is None:
                return None
            oldest = messages.oldest_unhandled(connection, conversation_id)
            if oldest is None:
                rows.change(connection, conversation_id, unanswered=0, **rows.RESTED)
                return None
            message = messages.opened(connection, self._context.keys, oldest, row.key_id)
            return PendingTurn(rows.record(row), message, holder, row.attempts + 1)

    def keep_turns(self, conversation_ids: Sequence[str], holder: str, *, lease_seconds: float) -> None:
        """Hold on to turns that are still under way; one that somebody else has taken over stays theirs.

        Args:
            conversation_ids: The conversations whose turns the holder runs.
            holder: Who took them.
            lease_seconds: From now on.
        """
        at = self._context.clock()
        with self._context.database.writing(durable=False) as connection:
            rows.renew(connection, conversation_ids, holder, at, lease_seconds)

    def finish_turn(self, turn: PendingTurn, result: TurnResult) -> list[Message]:
        """Keep replies, trace, "handled" and what follows from them, all in one commit.

        Returns:
            The replies as they stand in the log; none where a person took over while the bot thought.

        Raises:
            LeaseLost: Another holder has the turn or has ended it; nothing was kept.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, turn.conversation.id, lock=True)
            suppressed = self._is_suppressed(connection, row, turn, at)
            turns.insert(connection, turn, result, at, suppressed=suppressed)
            if suppressed:
                return []
            return self._reply(connection, row, turn, result, at)

    def _is_suppressed(self, connection: sa.Connection, row: Row, turn: PendingTurn, at: datetime) -> bool:
        """Tell whether somebody else answers by now; a person who has come marked the message as handled."""
        if rows.ownership(row).state is State.BOT and row.lease_holder == turn.holder:
            if messages.mark_handled(connection, row.id, at, turn.message.id):
                return False
        elif rows.ownership(row).state is State.BOT and not messages.is_handled(connection, turn.message.id):
            raise LeaseLost(f"the turn of {row.id} is no longer {turn.holder}'s")
        if turns.exists(connection, turn.message.id):
            raise LeaseLost(f"the turn of {row.id} was ended by another")
        return True

    def _reply(
        self, connection: sa.Connection, row: Row, turn: PendingTurn, result: TurnResult, at: datetime
    ) -> list[Message]:
        drafts = [Draft(Author.BOT, reply, answers_id=turn.message.id) for reply in result.replies]
        written = messages.append(connection, self._context.keys, row, row.last_seq + 1, drafts, at)
        values: dict[str, Any] = rows.RESTED | {"unanswered": max(0, row.unanswered - 1)}
        if written:
            values |= {"last_seq": row.last_seq + len(written), "last_message_at": at}
        row = rows.change(connection, row.id, **values)
        if result.handoff is not None:
            self._ask(connection, row, result.handoff.reason, result.handoff.requested_by, at)
        elif result.close and not (row.unanswered or tickets.is_open(connection, row.id)):
            # who has written on after the farewell is answered, not cut off; and to whom an answer is owed gets it
            self._close(connection, row, None, at)
        return written

    def delay_turn(self, turn: PendingTurn, *, retry_after_seconds: float) -> None:
        """Give the turn back because the assistant gave no answer; it is due again after a while."""
        until = self._context.clock() + timedelta(seconds=retry_after_seconds)
        with self._context.database.writing(durable=False) as connection:
            rows.put_off(connection, turn.conversation.id, turn.holder, until)

    def waiting(self, limit: int = 100) -> list[str]:
        """Give the conversations whose turn is due and taken by nobody, the longest waiting first."""
        with self._context.database.reading() as connection:
            return rows.due_ids(connection, self._context.clock(), limit)

    def is_handled(self, message_id: str) -> bool:
        """Tell whether a customer's message has been taken up: answered by the bot, or left to a person."""
        with self._context.database.reading() as connection:
            return messages.is_handled(connection, message_id)

    def turns(self, conversation_id: str) -> list[Turn]:
        """Give the turns of a conversation with their traces, in order."""
        with self._context.database.reading() as connection:
            return turns.of_conversation(connection, conversation_id)
