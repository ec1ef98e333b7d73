"""Those who wait for a person: in which order, and how long yet."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_core.conversations import urgency as urgencies
from crm_core.conversations.urgency import Priority, Urgency, urgency
from crm_core.conversations.waiting import Wait, expected_wait
from crm_core.records.conversations import Author, Conversation, Owner, QueueEntry
from crm_core.storage import conversations as rows
from crm_core.storage import handoffs, messages
from crm_core.storage.messages import Row
from crm_core.use_cases.conversation_waiting import ConversationWaiting


class ConversationQueue(ConversationWaiting):
    """The queue, and what each agent has."""

    def queue(self, *, with_text: bool = True) -> list[QueueEntry]:
        """Give the conversations that wait for a person, the next one first.

        Args:
            with_text: Give what each customer said last, too.
        """
        at = self._context.clock()
        with self._context.database.reading() as connection:
            past, opens = self._past_waits(connection), self._hours.opens_at(at)
            return [
                _entry(row, judged, position, past, at, opens, self._last_text(connection, row.id) if with_text else "")
                for position, (judged, row) in enumerate(self._order(connection, at), 1)
            ]

    def handoff_state(self, conversation_id: str) -> QueueEntry | None:
        """Give a waiting conversation's place in the queue, or None where it does not wait."""
        at = self._context.clock()
        with self._context.database.reading() as connection:
            row = rows.by_id(connection, conversation_id)
            if row.status == "closed" or row.owner != Owner.QUEUE.value:
                return None
            for position, (judged, waiting) in enumerate(self._order(connection, at), 1):
                if waiting.id == conversation_id:
                    past, opens = self._past_waits(connection), self._hours.opens_at(at)
                    text = self._last_text(connection, conversation_id)
                    return _entry(waiting, judged, position, past, at, opens, text)
        return None

    def of_agent(self, agent_id: str) -> list[Conversation]:
        """Give the open conversations that a person has, the most recently active first."""
        with self._context.database.reading() as connection:
            return [rows.record(row) for row in rows.of_agent(connection, agent_id)]

    def offered(self, agent_id: str) -> list[Conversation]:
        """Give the conversations that colleagues would hand to somebody."""
        with self._context.database.reading() as connection:
            return [rows.record(row) for row in handoffs.offered_to(connection, agent_id)]

    def _order(self, connection: sa.Connection, at: datetime) -> list[tuple[Urgency, Row]]:
        fairness = timedelta(minutes=self._context.settings.fairness_minutes)
        judged = [(urgency(_wait(row), at, fairness), row) for row in handoffs.waiting(connection)]
        return sorted(judged, key=lambda pair: pair[0].rank)

    def _last_text(self, connection: Any, conversation_id: str) -> str:
        for row in messages.last_of(connection, conversation_id, [Author.CUSTOMER], 1):
            return str(messages.opened(connection, self._context.keys, row, row.key_id).body.get("text", ""))
        return ""


def _wait(row: Row) -> urgencies.Wait:
    return urgencies.Wait(
        since=row.requested_at,
        reply_due_at=row.reply_due_at,
        upset=bool(row.upset),
        orders=row.orders,
        purchase_intent=row.purchase_intent or 0.0,
        priority=Priority(row.priority),
    )


def _entry(
    row: Row, judged: Urgency, position: int, past: list[Wait], at: datetime, opens: datetime | None, text: str
) -> QueueEntry:
    return QueueEntry(
        conversation=rows.record(row),
        position=position,
        reason=row.reason,
        requested_at=row.requested_at,
        last_text=text,
        reasons=judged.reasons,
        expected_wait=expected_wait(position, past) if opens == at else None,
        opens_at=None if opens == at else opens,
        reply_due_at=row.reply_due_at,
        team=row.team,
        skill=row.skill,
    )
