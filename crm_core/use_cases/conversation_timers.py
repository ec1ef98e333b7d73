"""What happens by itself: each timer fires once, in the transaction that does what it is for."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.conversations.owner import State
from crm_core.conversations.quiet import is_question
from crm_core.conversations.timers import Timer
from crm_core.records.consent import Purpose
from crm_core.records.conversations import Author, Owner
from crm_core.records.team import Presence
from crm_core.storage import activity, consents, handoffs, messages, staff, tickets, timers
from crm_core.storage import conversations as rows
from crm_core.storage.messages import Draft, Row
from crm_core.use_cases.conversation_routing import ConversationRouting

_AT_ONCE = 500
_WRITERS = [Author.CUSTOMER, Author.BOT, Author.AGENT]


class ConversationTimers(ConversationRouting):
    """The rows with a due time, and the quiet customer."""

    def fire_timers(self) -> list[str]:
        """Do what is due.

        Returns:
            The conversations in which something changed.
        """
        at = self._context.clock()
        with self._context.database.reading() as connection:
            due = timers.due(connection, at, _AT_ONCE)
        return [conversation_id for conversation_id, kind in due if self._fire(conversation_id, kind, at)]

    def nudge_quiet(self) -> list[str]:
        """Ask customers who owe an answer and have gone quiet whether they are still there, once each time.

        Returns:
            The conversations in which it was asked.
        """
        at = self._context.clock()
        before = at - timedelta(minutes=self._context.settings.nudge_minutes)
        with self._context.database.reading() as connection:
            quiet = rows.quiet_since(connection, before, _AT_ONCE, unasked=True)
        return [row.id for row in quiet if self._nudge(row.id, before, at)]

    def _fire(self, conversation_id: str, kind: Timer, at: datetime) -> bool:
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            if not timers.fire(connection, conversation_id, kind, at):
                return False  # another gateway was first, or it was stopped meanwhile
            if kind is Timer.AGENT_SILENT:
                self._agent_is_silent(connection, row, at)
            elif kind is Timer.NOBODY_CAME:
                self._nobody_came(connection, row, at)
            elif kind is Timer.OFFER:
                handoffs.change(connection, conversation_id, offered_to=None)
            else:
                self._woken(connection, row, at)
            return True

    def _woken(self, connection: sa.Connection, row: Row, at: datetime) -> None:
        if row.snoozed_until is not None:  # nobody and no word of the customer was first
            rows.change(connection, row.id, snoozed_until=None)
            activity.add(connection, row.id, "woken", "system", at)

    def _agent_is_silent(self, connection: sa.Connection, row: Row, at: datetime) -> None:
        if rows.ownership(row).state is not State.HUMAN:
            return
        silent = row.agent_id
        self._release(connection, row, silent, at, exit_="agent_timed_out", event="agent_timed_out", tried=silent)
        staff.change(connection, silent, presence=Presence.AWAY.value)  # or the next one would come to them, too

    def _nobody_came(self, connection: sa.Connection, row: Row, at: datetime) -> None:
        if rows.ownership(row).state is not State.QUEUE:
            return
        tickets.begin(connection, row.id, "nobody_came", at)
        self._tell(connection, row, {"event": "nobody_came"}, at)

    def _nudge(self, conversation_id: str, before: datetime, at: datetime) -> bool:
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            asked = row.nudged_at is not None and row.nudged_at >= row.last_message_at
            if row.status == "closed" or row.unanswered or asked or row.last_message_at > before:
                return False  # somebody wrote meanwhile, or another gateway was first
            owes = self._owes_an_answer(connection, row) and not self._wants_no_word(connection, row)
            rows.change(connection, conversation_id, nudged_at=at)
            if owes:
                self._tell(connection, row, {"event": "nudge"}, at)
            return owes

    def _wants_no_word(self, connection: sa.Connection, row: Row) -> bool:
        """Tell whether a customer refuses words that we begin with."""
        return consents.has_refused(connection, row.customer_id, Purpose.SERVICE)

    def _owes_an_answer(self, connection: sa.Connection, row: Row) -> bool:
        last = messages.last_of(connection, row.id, _WRITERS, 1)
        if not last or row.owner == Owner.QUEUE.value:
            return False
        said = messages.opened(connection, self._context.keys, last[0], last[0].key_id)
        if row.owner == Owner.HUMAN.value:
            return said.author is Author.AGENT
        return said.author is Author.BOT and is_question(said.body)

    def _tell(self, connection: sa.Connection, row: Row, line: dict[str, str], at: datetime) -> None:
        """Write a system line; it is no sign of life, so the time of the last message stays."""
        messages.append(connection, self._context.keys, row, row.last_seq + 1, [Draft(Author.SYSTEM, line)], at)
        rows.change(connection, row.id, last_seq=row.last_seq + 1)
