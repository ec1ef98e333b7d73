"""People in a conversation: asked for, coming, writing, leaving."""

from __future__ import annotations

from typing import Any

from crm_core.conversations.body import checked
from crm_core.conversations.owner import Move
from crm_core.errors import Conflict
from crm_core.records.conversations import Author, Body, Conversation, Message, Outcome, Owner, QueueEntry
from crm_core.storage import conversations as rows
from crm_core.storage import handoffs, messages, staff
from crm_core.storage.messages import Draft
from crm_core.use_cases.conversation_moves import ConversationMoves


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
            before = rows.ownership(row)
            target = before.moved(Move.TAKE, agent_id)
            if target is before:
                return rows.record(row)
            if not handoffs.take(connection, conversation_id, agent_id, at):
                handoffs.start(connection, conversation_id, "taken", "agent", at, agent_id=agent_id)
            line = {"event": "agent_joined", "name": agent.name}
            return rows.record(self._move(connection, row, target, line, at, last_message_at=at))

    def release(self, conversation_id: str, agent_id: str) -> Conversation:
        """Put a conversation back into the queue, at the place that its first request gave it.

        Raises:
            NotAllowed: It is not this person's.
            Conflict: Nobody has it.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            target = rows.ownership(row).moved(Move.RELEASE, agent_id)
            first = handoffs.of_conversation(connection, conversation_id)
            handoffs.end(connection, conversation_id, "released", at)
            reason, requested_by, requested_at = (
                ("released", "agent", at) if first is None else (first.reason, first.requested_by, first.requested_at)
            )
            handoffs.start(connection, conversation_id, reason, requested_by, requested_at)
            line = {"event": "agent_left"}
            return rows.record(self._move(connection, row, target, line, at, last_message_at=at))

    def say(
        self,
        conversation_id: str,
        agent_id: str,
        text: str,
        *,
        external_id: str | None = None,
        cards: list[dict[str, Any]] | None = None,
    ) -> Message:
        """Write to the customer as the person who has the conversation.

        Args:
            conversation_id: Which conversation.
            agent_id: Who writes.
            text: What is said.
            external_id: The sender's own id of the message; a repeat gives the first one again.
            cards: Products shown with it.

        Raises:
            NotAllowed: The conversation is not this person's.
            InvalidInput: There is no text, or too much.
        """
        body: Body = checked({"text": text}, self._context.settings.message_max_chars)
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
            draft = Draft(Author.AGENT, body, agent_id=agent_id, external_id=external_id)
            written = messages.append(connection, self._context.keys, row, row.last_seq + 1, [draft], at)
            if not written:
                raise Conflict("the message id is taken")
            rows.change(connection, conversation_id, last_seq=row.last_seq + 1, last_message_at=at)
            return written[0]

    def hand_back(self, conversation_id: str, agent_id: str, *, exit: str = "returned") -> Conversation:
        """Give a conversation back to the bot, which goes on with what comes next and repeats nothing.

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
            return rows.record(self._move(connection, row, target, line, at, last_message_at=at))

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
            return rows.record(closed)

    def queue(self) -> list[QueueEntry]:
        """Give the conversations that wait for a person, the next one first."""
        with self._context.database.reading() as connection:
            return [
                QueueEntry(
                    rows.record(row), position, row.reason, row.requested_at, self._last_text(connection, row.id)
                )
                for position, row in enumerate(handoffs.waiting(connection), 1)
            ]

    def handoff_state(self, conversation_id: str) -> QueueEntry | None:
        """Give a waiting conversation's place in the queue, or None where it does not wait."""
        with self._context.database.reading() as connection:
            row = rows.by_id(connection, conversation_id)
            wish = handoffs.of_conversation(connection, conversation_id)
            if wish is None or row.status == "closed" or row.owner != Owner.QUEUE.value:
                return None
            position = handoffs.before(connection, wish) + 1
            text = self._last_text(connection, conversation_id)
            return QueueEntry(rows.record(row), position, wish.reason, wish.requested_at, text)

    def of_agent(self, agent_id: str) -> list[Conversation]:
        """Give the open conversations that a person has, the most recently active first."""
        with self._context.database.reading() as connection:
            return [rows.record(row) for row in rows.of_agent(connection, agent_id)]

    def _last_text(self, connection: Any, conversation_id: str) -> str:
        for row in messages.last_of(connection, conversation_id, [Author.CUSTOMER], 1):
            return str(messages.opened(connection, self._context.keys, row, row.key_id).body.get("text", ""))
        return ""
