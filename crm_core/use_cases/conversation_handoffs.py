"""People in a conversation: asked for, coming, writing, leaving."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.conversations.body import checked
from crm_core.conversations.owner import Move
from crm_core.conversations.quiet import is_question
from crm_core.conversations.timers import Timer
from crm_core.errors import AttachmentNotFound, Conflict, Overtaken
from crm_core.records.conversations import Attachment, Author, Body, Conversation, Message, Outcome
from crm_core.storage import attachments, deliveries, handoffs, messages, staff, tickets, timers, turns
from crm_core.storage import conversations as rows
from crm_core.storage.messages import Draft, Row
from crm_core.use_cases.conversation_moves import ConversationMoves

_LAST_WORDS = 8  # of the bot's; the question is among them, or is too long ago

CARRIED = ("skill", "team", "tried", "reply_due_at", "solve_due_at", "first_reply_at")
"""What one wait hands on to the next: the promise to the customer does not begin anew with each person."""


class ConversationHandoffs(ConversationMoves):
    """The way to a person and back to the bot."""

    def request_handoff(self, conversation_id: str, reason: str, *, requested_by: str) -> Conversation:
        """Put a conversation into the queue for a person; one that waits or has somebody stays as it is.

        Args:
            conversation_id: Which conversation.
            reason: A short code: request, complaint, assistant_unavailable …
            requested_by: customer, bot or agent.

        Raises:
            Conflict: It is closed.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            return rows.record(self._ask(connection, row, reason, requested_by, at))

    def cancel_handoff(self, conversation_id: str) -> Conversation:
        """Take a conversation out of the queue: the customer would rather stay with the bot.

        Raises:
            Conflict: It does not wait (any more).
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            target = rows.ownership(row).moved(Move.GIVE_UP)
            handoffs.end(connection, conversation_id, "cancelled", at)
            tickets.answer(connection, conversation_id, None, at)
            line = {"event": "handoff_cancelled"}
            return rows.record(self._move(connection, row, target, line, at, last_message_at=at))

    def take(self, conversation_id: str, agent_id: str) -> Conversation:
        """Give a conversation to a person; the bot is silent from here on.

        Raises:
            Conflict: Somebody else has it, or it is closed.
            AgentNotFound: There is no such person, or they no longer work here.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            agent = staff.active_by_id(connection, agent_id)
            row = rows.by_id(connection, conversation_id, lock=True)
            return rows.record(self._take(connection, row, agent_id, agent.name, at))

    def _take(self, connection: sa.Connection, row: Row, agent_id: str, name: str, at: datetime) -> Row:
        before = rows.ownership(row)
        target = before.moved(Move.TAKE, agent_id)
        if target is before:
            return row
        if not handoffs.take(connection, row.id, agent_id, at):
            handoffs.start(connection, row.id, "taken", "agent", at, agent_id=agent_id)
        line = {"event": "agent_joined", "name": name}
        return self._move(connection, row, target, line, at, last_message_at=at, snoozed_until=None)

    def release(self, conversation_id: str, agent_id: str) -> Conversation:
        """Put a conversation back into the queue, at the place that its first request gave it.

        Raises:
            NotAllowed: It is not this person's.
            Conflict: Nobody has it.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            return rows.record(self._release(connection, row, agent_id, at))

    def _release(
        self,
        connection: sa.Connection,
        row: Row,
        agent_id: str | None,
        at: datetime,
        *,
        exit_: str = "released",
        event: str = "agent_left",
        team: str | None = None,
        tried: str | None = None,
    ) -> Row:
        target = rows.ownership(row).moved(Move.RELEASE, agent_id)
        first = handoffs.of_conversation(connection, row.id)
        handoffs.end(connection, row.id, exit_, at)
        reason, requested_by, requested_at = (
            ("released", "agent", at) if first is None else (first.reason, first.requested_by, first.requested_at)
        )
        carried = {} if first is None else {name: getattr(first, name) for name in CARRIED}
        if team is not None:
            carried |= {"team": team, "skill": None}
        if tried is not None:
            carried |= {"tried": [*(first.tried if first else ()), tried]}
        handoffs.start(connection, row.id, reason, requested_by, requested_at, **carried)
        return self._move(connection, row, target, {"event": event}, at, by=agent_id, last_message_at=at)

    def say(
        self,
        conversation_id: str,
        agent_id: str,
        text: str,
        *,
        external_id: str | None = None,
        cards: list[dict[str, Any]] | None = None,
        attachment_id: str | None = None,
        begun_at_seq: int | None = None,
    ) -> Message:
        """Write to the customer as the person who has the conversation.

        Args:
            conversation_id: Which conversation.
            agent_id: Who writes.
            text: What is said.
            external_id: The sender's own id of the message; a repeat gives the first one again.
            cards: Products shown with it.
            attachment_id: A file of this conversation, shown with it; the text may be empty then.
            begun_at_seq: The last message that was there when it was begun; without, nobody is asked.

        Raises:
            NotAllowed: The conversation is not this person's.
            Overtaken: A person has written after the message at which it was begun.
            InvalidInput: There is no text, or too much.
            AttachmentNotFound: The file is not this conversation's.
        """
        said: Body = {"text": text} if attachment_id is None else {"text": text, "attachment": {"id": attachment_id}}
        body = checked(said, self._context.settings.message_max_chars)
        if cards:
            body["cards"] = cards
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            if external_id is not None:
                first = messages.by_external_id(connection, row.channel, external_id)
                if first is not None and first.conversation_id == conversation_id and first.agent_id == agent_id:
                    return messages.opened(connection, self._context.keys, first, first.key_id)
            rows.ownership(row).check_may_write(agent_id)
            if begun_at_seq is not None:
                self._check_not_overtaken(connection, conversation_id, begun_at_seq)
            if attachment_id is not None:
                body["attachment"] = self._file(connection, conversation_id, attachment_id).described
            draft = Draft(Author.AGENT, body, agent_id=agent_id, external_id=external_id)
            written = messages.append(connection, self._context.keys, row, row.last_seq + 1, [draft], at)
            if not written:
                raise Conflict("the message id is taken")
            rows.change(connection, conversation_id, last_seq=row.last_seq + 1, last_message_at=at)
            handoffs.replied(connection, conversation_id, at)
            timers.stop(connection, conversation_id, Timer.AGENT_SILENT)
            self._bring(connection, written[0], at)
            return written[0]

    def _bring(self, connection: sa.Connection, message: Message, at: datetime) -> None:
        """Put an answer into the outbox where the customer has gone and left an e-mail address."""
        address = tickets.address_of(connection, message.conversation_id)
        if address is None:
            tickets.answer(connection, message.conversation_id, message.agent_id, at)  # they are here, or will be
        elif self._context.settings.smtp_url.get_secret_value():
            deliveries.add(connection, message.id, address, at)

    def _file(self, connection: sa.Connection, conversation_id: str, attachment_id: str) -> Attachment:
        row = attachments.by_id(connection, attachment_id)
        if row is None or row.conversation_id != conversation_id:
            raise AttachmentNotFound(attachment_id)
        return attachments.opened(connection, self._context.keys, row)

    def _check_not_overtaken(self, connection: sa.Connection, conversation_id: str, begun_at_seq: int) -> None:
        for row in messages.last_of(connection, conversation_id, [Author.AGENT], 1):
            if row.seq > begun_at_seq:
                body = messages.opened(connection, self._context.keys, row, row.key_id).body
                raise Overtaken(str(body.get("text") or ""))

    def hand_back(self, conversation_id: str, agent_id: str, *, exit: str = "returned") -> Conversation:
        """Give a conversation back to the bot, which goes on where it was interrupted.

        What was said meanwhile is not gone through again; only a question of the bot's that still waits for its answer
        is asked once more, since it may be far up by now.

        Raises:
            NotAllowed: It is not this person's.
            Conflict: Nobody has it.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            target = rows.ownership(row).moved(Move.HAND_BACK, agent_id)
            handoffs.end(connection, conversation_id, exit, at)
            line = {"event": "handed_back"}
            moved = self._move(connection, row, target, line, at, by=agent_id, last_message_at=at)
            return rows.record(self._ask_again(connection, moved, at))

    def _ask_again(self, connection: sa.Connection, row: Row, at: datetime) -> Row:
        """Let the bot repeat the question of the form in which it was interrupted, if it was in one."""
        if not turns.open_form(connection, row.id):
            return row
        for said in messages.last_of(connection, row.id, [Author.BOT], _LAST_WORDS):
            body = messages.opened(connection, self._context.keys, said, said.key_id).body
            if is_question(body):
                question = [Draft(Author.BOT, body)]
                messages.append(connection, self._context.keys, row, row.last_seq + 1, question, at)
                return rows.change(connection, row.id, last_seq=row.last_seq + 1)
        return row

    def finish(self, conversation_id: str, agent_id: str) -> Conversation:
        """Close a conversation as solved by the person who has it.

        Raises:
            NotAllowed: It is not this person's.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            if row.status == "open":
                rows.ownership(row).check_may_write(agent_id)
            closed = self._close(connection, row, Outcome.SOLVED_BY_PERSON, at, agent_id=agent_id, exit_="solved")
            tickets.answer(connection, conversation_id, agent_id, at)
            return rows.record(closed)
