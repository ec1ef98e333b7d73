"""The log of a conversation: opened, written into by the customer, read by everybody."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from crm_core.clock import new_id
from crm_core.conversations.body import checked, clean_text
from crm_core.conversations.hours import Hours
from crm_core.conversations.timers import Timer
from crm_core.errors import Conflict, InvalidInput
from crm_core.records.conversations import Accepted, Author, Body, Conversation, Message, Owner
from crm_core.storage import conversations as rows
from crm_core.storage import customers, messages, timers
from crm_core.storage.messages import Draft
from crm_core.storage.tables import ratings
from crm_core.storage.upsert import upsert
from crm_core.use_cases.context import Context

_OPEN_TRIES = 5
_BUTTONS_LIVE = 20  # a button of one of that many last messages may be pressed


class _Undone(Exception):
    """The row is there already (another process, or a repeat); what this transaction began is rolled back."""


class ConversationLog:
    """What is said, in order and without a gap.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        settings = context.settings
        self._hours = Hours.parse(settings.service_hours, settings.holidays, settings.timezone)

    def _agent_due_at(self, at: datetime) -> datetime:
        """Give the moment until which a person must have answered a customer who waits since `at`."""
        return self._hours.after(at, timedelta(minutes=self._context.settings.agent_minutes))

    def open(
        self,
        channel: str,
        external_id: str,
        *,
        language: str = "en",
        customer_id: str | None = None,
        verified: bool = False,
    ) -> Conversation:
        """Give the open conversation of a sender, or begin one.

        Args:
            channel: Where the sender writes: web, rest, terminal …
            external_id: The sender on that channel.
            language: Of a new conversation.
            customer_id: Whose a new conversation is; without one it is an anonymous customer's, the same for every
                conversation of this sender.
            verified: Whether it was shown who the customer is.

        Raises:
            StorageUnavailable: The database cannot be reached or written.
        """
        for _ in range(_OPEN_TRIES):
            with self._context.database.reading() as connection:
                found = rows.find_open(connection, channel, external_id)
            if found is not None:
                return rows.record(found)
            with suppress(_Undone, Conflict):  # another process began it first: look again
                return self._begin(channel, external_id, language, customer_id, verified and customer_id is not None)
        raise Conflict(f"the conversation of {channel}:{external_id} is opened and closed all the time")

    def _begin(
        self, channel: str, external_id: str, language: str, customer_id: str | None, verified: bool
    ) -> Conversation:
        context, at = self._context, self._context.clock()
        with context.database.writing() as connection:
            if customer_id is None:
                customer_id = customers.of_visitor(
                    connection, context.keys, f"{channel}:{external_id}", at, source=channel, language=language
                )
            else:
                customers.seen(connection, customer_id, at)
            values: dict[str, Any] = {
                "id": new_id(),
                "key_id": context.keys.create(connection),
                "channel": channel,
                "external_id": external_id,
                "customer_id": customer_id,
                "verified": verified,
                "language": language,
            }
            if not rows.insert(connection, values, at):
                raise _Undone
            return rows.record(rows.by_id(connection, values["id"]))

    def current(self, channel: str, external_id: str) -> Conversation | None:
        """Give the latest conversation of a sender, open or closed."""
        with self._context.database.reading() as connection:
            row = rows.latest(connection, channel, external_id)
        return None if row is None else rows.record(row)

    def get(self, conversation_id: str) -> Conversation:
        """Give a conversation.

        Raises:
            ConversationNotFound: There is none.
        """
        with self._context.database.reading() as connection:
            return rows.record(rows.by_id(connection, conversation_id))

    def recent(self, limit: int = 50) -> list[Conversation]:
        """Give the conversations in which something was said last."""
        with self._context.database.reading() as connection:
            return [rows.record(row) for row in rows.recent(connection, limit)]

    def of_customer(self, customer_id: str, limit: int = 50) -> list[Conversation]:
        """Give a customer's conversations, open and closed, the newest first."""
        with self._context.database.reading() as connection:
            return [rows.record(row) for row in rows.of_customer(connection, customer_id, limit)]

    def identify(self, conversation_id: str, customer_id: str) -> Conversation:
        """Note that a signed token showed who the customer is.

        Raises:
            ConversationNotFound: There is none.
            Conflict: Somebody else was identified in it; what was said belongs to them.
        """
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id, lock=True)
            if row.verified and row.customer_id != customer_id:
                raise Conflict(f"conversation {conversation_id} is another customer's")
            if row.verified:
                return rows.record(row)
            customers.seen(connection, customer_id, self._context.clock())
            return rows.record(rows.change(connection, conversation_id, customer_id=customer_id, verified=True))

    def set_language(self, conversation_id: str, language: str) -> None:
        """Set the language in which the customer is answered."""
        with self._context.database.writing() as connection:
            rows.change(connection, conversation_id, language=language)

    def accept(self, conversation_id: str, body: Body, *, external_id: str | None = None) -> Accepted:
        """Take a customer's message: when this returns, it is on disk at its place in the log.

        Args:
            conversation_id: An open conversation.
            body: `text`, and `payload` where a button was pressed.
            external_id: The sender's own id of the message; one that came before gives the first row again.

        Raises:
            InvalidInput: The text is missing or too long.
            Conflict: The conversation is closed, or the id is that of somebody else's message.
            ConversationNotFound: There is none.
            StorageUnavailable: The database cannot be reached or written; the sender may try again.
        """
        said = checked(body, self._context.settings.message_max_chars)
        accepted = self._write(conversation_id, said, external_id)
        return accepted or self._as_before(conversation_id, external_id)

    def _write(self, conversation_id: str, body: Body, external_id: str | None) -> Accepted | None:
        at = self._context.clock()
        try:
            with self._context.database.writing() as connection:
                row = rows.count_in(connection, conversation_id, at)
                if row is None:
                    return None
                owner = Owner(row.owner)
                draft = Draft(
                    Author.CUSTOMER,
                    body,
                    external_id=external_id,
                    given_seq=row.delivered_seq,
                    handled_at=None if owner is Owner.BOT else at,  # a person reads along: never replayed to the bot
                )
                written = messages.append(connection, self._context.keys, row, row.last_seq, [draft], at)
                if not written:
                    raise _Undone  # undoes the counting
                if owner is Owner.HUMAN:
                    due_at = self._agent_due_at(at)
                    timers.wind_up(connection, conversation_id, Timer.AGENT_SILENT, due_at, anew=False)
                return Accepted(written[0], duplicate=False, owner=owner)
        except _Undone:
            return None

    def _as_before(self, conversation_id: str, external_id: str | None) -> Accepted:
        with self._context.database.reading() as connection:
            conversation = rows.by_id(connection, conversation_id)
            first = external_id and messages.by_external_id(connection, conversation.channel, external_id)
            if not first:
                raise Conflict(f"conversation {conversation_id} is closed")
            if first.party != conversation.external_id:
                raise Conflict("the message id is taken")
            message = messages.opened(connection, self._context.keys, first, first.key_id)
            return Accepted(message, duplicate=True, owner=Owner(conversation.owner))

    def messages(self, conversation_id: str, *, after_seq: int = 0, limit: int = 500) -> list[Message]:
        """Give what was said after a place in the log, in order."""
        with self._context.database.reading() as connection:
            return [
                messages.opened(connection, self._context.keys, row, row.key_id)
                for row in messages.after(connection, conversation_id, after_seq, limit)
            ]

    def was_offered(self, conversation_id: str, payload: str) -> bool:
        """Tell whether one of the bot's last messages really had a button with this payload."""
        with self._context.database.reading() as connection:
            for row in messages.last_of(connection, conversation_id, [Author.BOT], _BUTTONS_LIVE):
                body = messages.opened(connection, self._context.keys, row, row.key_id).body
                if any(button.get("payload") == payload for button in body.get("buttons") or ()):
                    return True
        return False

    def confirm_delivery(self, conversation_id: str, seq: int) -> None:
        """Note how far the customer has received the log; never goes back."""
        with self._context.database.writing(durable=False) as connection:
            rows.deliver(connection, conversation_id, seq)

    def seen_by_customer(self, conversation_id: str, seq: int) -> bool:
        """Note how far the customer has read, and so received, the log; tell whether that was news."""
        with self._context.database.writing(durable=False) as connection:
            rows.deliver(connection, conversation_id, seq)
            return rows.see(connection, conversation_id, "customer", seq)

    def seen_by_agent(self, conversation_id: str, agent_id: str, seq: int) -> bool:
        """Note how far the person who has the conversation has read it; tell whether that was news.

        Nobody else's look counts: the customer is told only what the person who answers has seen.
        """
        with self._context.database.writing(durable=False) as connection:
            return rows.see(connection, conversation_id, "agent", seq, agent_id)

    def rate(self, conversation_id: str, score: int, comment: str | None = None) -> None:
        """Keep the customer's rating; a second one replaces the first.

        Args:
            conversation_id: Which conversation, open or closed.
            score: 1 (bad) to 5 (good).
            comment: In the customer's words.

        Raises:
            InvalidInput: The score is not one of these.
            ConversationNotFound: There is none.
        """
        if score not in range(1, 6):
            raise InvalidInput("score", score, "is not between 1 and 5")
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, conversation_id)
            sealed = None
            if comment:
                sealed = self._context.keys.seal(connection, row.key_id, clean_text(comment))
            rating = {
                "id": new_id(),
                "conversation_id": conversation_id,
                "score": score,
                "comment_encrypted": sealed,
                "created_at": self._context.clock(),
            }
            upsert(connection, ratings, rating, key=["conversation_id"])
