"""Answers owed to customers to whom nobody came."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.privacy.masking import mask_email
from crm_core.records.team import Ticket
from crm_core.storage import tickets
from crm_core.storage.keys import SubjectKeyGone
from crm_core.use_cases.context import Context

_AT_MOST = 200


class Tickets:
    """What was promised to those who could not be served at once.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def answered(self, conversation_id: str, agent_id: str) -> None:
        """Note that somebody has given the answer that was owed."""
        with self._context.database.writing() as connection:
            tickets.answer(connection, conversation_id, agent_id, self._context.clock())

    def owed_to(self, customer_id: str) -> list[Ticket]:
        """Give what is owed to one customer, the oldest first; the contact they left is not opened."""
        with self._context.database.reading() as connection:
            return [
                Ticket(row.id, row.conversation_id, customer_id, row.reason, None, row.created_at)
                for row in tickets.owed_to(connection, customer_id)
            ]

    def unanswered(self) -> list[Ticket]:
        """Give what is owed, the oldest first."""
        with self._context.database.reading() as connection:
            return [
                Ticket(
                    id=row.id,
                    conversation_id=row.conversation_id,
                    customer_id=row.customer_id,
                    reason=row.reason,
                    contact=self._masked(connection, row),
                    created_at=row.created_at,
                )
                for row in tickets.unanswered(connection, _AT_MOST)
            ]

    def _masked(self, connection: sa.Connection, row: tickets.Row) -> str | None:
        if row.contact_encrypted is None:
            return None
        try:
            return mask_email(self._context.keys.open(connection, row.key_id, row.contact_encrypted))
        except SubjectKeyGone:  # erased
            return None
