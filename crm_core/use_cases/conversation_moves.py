"""The changes of owner: every one is decided by `conversations.owner` and leaves a line in the log."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from crm_core.conversations.outcome import Line, decide, line_of_turn
from crm_core.conversations.owner import Move, Ownership, State
from crm_core.conversations.skills import skill_for
from crm_core.conversations.timers import Timer, wound_up
from crm_core.records.conversations import Author, Body, Outcome
from crm_core.storage import conversations as rows
from crm_core.storage import handoffs, messages, tickets, timers, turns
from crm_core.storage.messages import Draft, Row
from crm_core.use_cases.conversation_log import ConversationLog


class ConversationMoves(ConversationLog):
    """What turns, hand-offs and closing have in common; each step works inside the caller's transaction."""

    def _move(
        self,
        connection: sa.Connection,
        row: Row,
        target: Ownership,
        line: Body,
        at: datetime,
        *,
        by: str | None = None,
        **values: object,
    ) -> Row:
        """Set a new ownership that `Ownership.moved` gave, with the system line that tells of it.

        The line is of the person who moved it (`by`), where one did, else of the one who has it now.
        """
        before = rows.ownership(row)
        if before.state is State.BOT:
            messages.mark_handled(connection, row.id, at)  # a person reads them, or nobody: never replayed
        draft = Draft(Author.SYSTEM, line, agent_id=by or target.agent_id)
        messages.append(connection, self._context.keys, row, row.last_seq + 1, [draft], at)
        changed = rows.columns_of(target, before) | {"last_seq": row.last_seq + 1, **values}
        self._wind_up(connection, row.id, before.state, target.state, at)
        return rows.compare_and_set(connection, row, changed)

    def _wind_up(
        self, connection: sa.Connection, conversation_id: str, before: State, after: State, at: datetime
    ) -> None:
        waited = timers.runs(connection, conversation_id, Timer.AGENT_SILENT)
        timers.stop(connection, conversation_id)
        kind = wound_up(before, after, waited=waited)
        if kind is Timer.AGENT_SILENT:
            timers.wind_up(connection, conversation_id, kind, self._agent_due_at(at))
        elif kind is Timer.NOBODY_CAME and self._hours.is_open(at):  # else the customer was told when people are there
            span = timedelta(minutes=self._context.settings.nobody_minutes)
            timers.wind_up(connection, conversation_id, kind, at + span)

    def _ask(self, connection: sa.Connection, row: Row, reason: str, requested_by: str, at: datetime) -> Row:
        before = rows.ownership(row)
        target = before.moved(Move.ASK)
        if target is before:
            return row
        settings, hours = self._context.settings, self._hours
        handoffs.start(
            connection,
            row.id,
            reason,
            requested_by,
            at,
            skill=skill_for(reason, turns.last_intent(connection, row.id)),
            reply_due_at=hours.after(at, timedelta(minutes=settings.reply_minutes)),
            solve_due_at=hours.after(at, timedelta(minutes=settings.solve_minutes)),
        )
        line: Body = {"event": "handoff_requested", "reason": reason, "requested_by": requested_by}
        if not hours.is_open(at):
            opens = hours.opens_at(at)
            line |= {"opens_at": opens.isoformat() if opens else None}
            tickets.begin(connection, row.id, "out_of_hours", at)
        return self._move(connection, row, target, line, at, last_message_at=at)

    def _close(
        self,
        connection: sa.Connection,
        row: Row,
        outcome: Outcome | None,
        at: datetime,
        *,
        agent_id: str | None = None,
        exit_: str | None = None,
    ) -> Row:
        before = rows.ownership(row)
        target = before.moved(Move.CLOSE, agent_id)
        if target is before:
            return row
        ended = outcome or self._outcome(connection, row)
        nobody = before.state is State.QUEUE
        handoffs.end(connection, row.id, exit_ or ("no_agent" if nobody else "customer_left"), at)
        line = {"event": "closed", "outcome": None if ended is None else ended.value}
        kept = None if ended is None else ended.value
        return self._move(connection, row, target, line, at, by=agent_id, closed_at=at, outcome=kept)

    def _outcome(self, connection: sa.Connection, row: Row) -> Outcome | None:
        said = messages.when_by(connection, row.id)
        told: list[tuple[datetime, int, Line]] = [
            (
                turn.created_at,
                0,
                line_of_turn(turn.intent, fallback=turn.fallback, failed=turn.failed, suppressed=turn.suppressed),
            )
            for turn in turns.of_conversation(connection, row.id)
        ]
        told += [(moment, 1, Line.TAKEN) for moment in handoffs.taken_at(connection, row.id)]
        told += [(moment, 2, Line.AGENT) for author, moment in said if author is Author.AGENT]
        lines = [line for _, _, line in sorted(told, key=lambda entry: entry[:2])]
        wrote = any(author is Author.CUSTOMER for author, _ in said)
        return decide(rows.ownership(row).state, lines, customer_wrote=wrote)
