"""The outbox: what agents answer to customers who asked for it by e-mail."""

from __future__ import annotations

import json
from datetime import timedelta

from crm_core.records.conversations import Author
from crm_core.records.deliveries import Delivery
from crm_core.storage import conversations, messages
from crm_core.storage import deliveries as rows
from crm_core.storage.keys import SubjectKeyGone
from crm_core.storage.messages import Draft
from crm_core.use_cases.context import Context

TRIES = 8
_AT_ONCE = 20
_LEASE = timedelta(seconds=90)  # longer than any try takes
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=4)


class Deliveries:
    """What is on its way, tried again with growing pauses, and given up with an alert.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def take(self) -> list[Delivery]:
        """Take what is due, each for one try; a try whose outcome is never told counts as failed."""
        at = self._context.clock()
        with self._context.database.reading() as connection:
            due = rows.due(connection, at, _AT_ONCE)
        return [taken for each in due if (taken := self._take(each)) is not None]

    def _take(self, delivery_id: str) -> Delivery | None:
        at, keys = self._context.clock(), self._context.keys
        with self._context.database.writing() as connection:
            if not rows.lease(connection, delivery_id, at, at + _LEASE):
                return None
            row = rows.by_id(connection, delivery_id)
            try:
                address = keys.open(connection, row.key_id, row.address_encrypted)
                body = json.loads(keys.open(connection, row.key_id, row.body_encrypted))
            except SubjectKeyGone:
                rows.end(connection, delivery_id, dead_at=at, error="erased")
                return None
            text = str(body.get("text") or "")
            return Delivery(
                row.id, row.conversation_id, address, text, row.agent_name, row.language, attempt=row.attempts
            )

    def sent(self, delivery: Delivery) -> None:
        """Note that it was taken by the next in line."""
        with self._context.database.writing() as connection:
            rows.end(connection, delivery.id, sent_at=self._context.clock())

    def failed(self, delivery: Delivery, error: str) -> bool:
        """Note that a try failed: it is due again after a pause, or given up, which its conversation tells.

        Returns:
            Whether it was given up.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            if delivery.attempt < TRIES:
                pause = min(_FIRST_PAUSE * 2 ** (delivery.attempt - 1), _LONGEST_PAUSE)
                rows.end(connection, delivery.id, due_at=at + pause, error=error)
                return False
            rows.end(connection, delivery.id, dead_at=at, error=error)
            row = conversations.by_id(connection, delivery.conversation_id, lock=True)
            line = [Draft(Author.SYSTEM, {"event": "delivery_failed"})]
            messages.append(connection, self._context.keys, row, row.last_seq + 1, line, at)
            conversations.change(connection, row.id, last_seq=row.last_seq + 1)
            return True
