"""Waiting for a person: how long it will take, and the way out of it."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from crm_core.conversations.owner import Move
from crm_core.conversations.waiting import Wait, expected_wait
from crm_core.privacy.identifiers import normalise_email
from crm_core.records.conversations import Conversation
from crm_core.storage import conversations as rows
from crm_core.storage import handoffs, tickets
from crm_core.use_cases.conversation_moves import ConversationMoves

_LOOK_BACK = timedelta(hours=24)
_LAST = 50


class ConversationWaiting(ConversationMoves):
    """What somebody in the queue may know and do."""

    def expected_wait(self, position: int) -> timedelta | None:
        """Estimate the wait at a place in the queue (1 is next); None where too few have waited of late to tell."""
        with self._context.database.reading() as connection:
            return expected_wait(position, self._past_waits(connection))

    def _past_waits(self, connection: sa.Connection) -> list[Wait]:
        since = self._context.clock() - _LOOK_BACK
        return [
            Wait(row.requested_at, row.taken_at or row.ended_at, row.taken_at is not None)
            for row in handoffs.recent_waits(connection, since, _LAST)
        ]

    def leave_contact(self, conversation_id: str, address: str) -> Conversation:
        """Leave the queue and ask for an answer by e-mail: a ticket keeps the wish, the bot goes on meanwhile.

        Args:
            conversation_id: One that waits.
            address: The customer's e-mail address; kept sealed under the conversation's key.

        Raises:
            InvalidInput: It is no e-mail address.
            Conflict: The conversation does not wait (any more).
        """
        contact, at = normalise_email(address), self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            target = rows.ownership(row).moved(Move.GIVE_UP)
            sealed = self._context.keys.seal(connection, row.key_id, contact)
            tickets.leave_contact(connection, conversation_id, "contact_left", sealed, at)
            handoffs.end(connection, conversation_id, "contact_left", at)
            return rows.record(self._move(connection, row, target, {"event": "contact_left"}, at, last_message_at=at))
