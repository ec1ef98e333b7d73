"""The way in for customers' messages, whatever the channel: checked, committed, announced, and their turn woken."""

from __future__ import annotations

import asyncio
import time
import unicodedata
from dataclasses import dataclass, replace
from functools import partial

from bot.gateway.errors import Refused
from bot.gateway.identity import AnotherCustomer
from bot.gateway.limits import Limits
from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import DESK, Hub, conversation_topic, said_event
from bot.gateway.turns import TurnRunner
from bot.gateway.wire import message_event, sender_scope
from crm_core.crm import Crm
from crm_core.errors import Conflict, StorageUnavailable
from crm_core.language import detect_language
from crm_core.records.conversations import Accepted, Body, Conversation, Owner
from crm_core.settings import Settings

_MESSAGE_ID_MAX_CHARS = 64
_PAYLOAD_MAX_CHARS = 1000


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes, on which channel and from where."""

    channel: str
    external_id: str  # the visitor, or the program's name for its user
    address: str
    language: str  # of a conversation that has yet to begin
    customer_id: str | None = None  # shown by the shop's signed token


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it arrives."""

    text: str
    payload: str | None = None  # of a pressed button
    message_id: str | None = None  # the sender's own
    attachment: Body | None = None  # a file of the sender's, as its message tells of it


@dataclass(frozen=True, slots=True)
class Received:
    """A message that is on disk, and the conversation it is in."""

    conversation: Conversation
    accepted: Accepted


class Inbox:
    """Takes messages in.

    Args:
        crm: The database's use cases.
        hub: Where the message is announced.
        turns: Who answers it.
        offload: The threads for the database's calls.
        limits: How many messages a sender may write.
        settings: The longest message.
        metrics: What is counted.
    """

    def __init__(
        self,
        crm: Crm,
        hub: Hub,
        turns: TurnRunner,
        offload: Offload,
        limits: Limits,
        settings: Settings,
        metrics: Metrics,
    ) -> None:
        self._conversations = crm.conversations
        self._hub = hub
        self._turns = turns
        self._offload = offload
        self._limits = limits
        self._max_chars = settings.message_max_chars
        self._metrics = metrics
        self._committing: dict[tuple[str, str | None], asyncio.Future[Accepted]] = {}

    async def receive(self, sender: Sender, incoming: Incoming, conversation: Conversation | None) -> Received:
        """Commit a message, announce it and wake its turn.

        Args:
            sender: Who writes.
            incoming: What they wrote.
            conversation: The one they were in, as far as the caller knows; a closed one is followed by a new one.

        Raises:
            Refused: It is empty, too long, one too many, malformed, or the database is away.
            AnotherCustomer: Meanwhile somebody else has signed in and begun a conversation under the sender's name.
        """
        started = time.perf_counter()
        try:
            await self._limits.message(sender.channel, sender.external_id, sender.address)
            text, message_id = self._checked(incoming)
            received = await self._commit(sender, replace(incoming, text=text, message_id=message_id), conversation)
        except StorageUnavailable as error:
            self._metrics.refused.labels(sender.channel, "unavailable").inc()
            raise Refused("unavailable", 503) from error
        except Refused as refusal:
            self._metrics.refused.labels(sender.channel, refusal.code).inc()
            raise
        self._metrics.accepted.labels(sender.channel).inc()
        self._metrics.accept_seconds.observe(time.perf_counter() - started)
        self._announce(received)
        return received

    def _checked(self, incoming: Incoming) -> tuple[str, str | None]:
        if len(incoming.text) > self._max_chars:
            raise Refused("too_long", 413, limit=self._max_chars, length=len(incoming.text))
        text = clean(incoming.text)
        if not text and not incoming.attachment:
            raise Refused("empty")
        if incoming.message_id is not None and not 0 < len(incoming.message_id) <= _MESSAGE_ID_MAX_CHARS:
            raise Refused("invalid")
        return text, incoming.message_id and clean(incoming.message_id).replace(":", "-")

    async def _commit(self, sender: Sender, incoming: Incoming, conversation: Conversation | None) -> Received:
        conversation = conversation or await self._open(sender)
        body = await self._body(conversation, incoming)
        external_id = incoming.message_id and sender_scope(sender.external_id, incoming.message_id)
        try:
            accepted = await self._accept(conversation, body, external_id)
        except Conflict:  # it is closed: the message begins a new one
            conversation = await self._open(sender)
            accepted = await self._accept(conversation, body, external_id)
        language = detect_language(incoming.text, conversation.language)
        if language != conversation.language:
            await self._offload.write(self._conversations.set_language, conversation.id, language)
            conversation = replace(conversation, language=language)
        return Received(replace(conversation, owner=accepted.owner), accepted)

    async def _accept(self, conversation: Conversation, body: Body, external_id: str | None) -> Accepted:
        """Commit a message; one that comes again before it is on disk waits for that and is not written twice."""
        accept, key = self._conversations.accept, (conversation.channel, external_id)
        if external_id is None:
            return await self._offload.write(accept, conversation.id, body)
        committing = self._committing.get(key)
        if committing is not None:
            return replace(await asyncio.shield(committing), duplicate=True)
        committing = asyncio.ensure_future(self._offload.write(accept, conversation.id, body, external_id=external_id))
        self._committing[key] = committing
        committing.add_done_callback(partial(self._committed, key))
        return await asyncio.shield(committing)  # the sender may go: their next try finds it

    def _committed(self, key: tuple[str, str | None], committing: asyncio.Future[Accepted]) -> None:
        del self._committing[key]
        if not committing.cancelled():
            committing.exception()  # whoever still waits is told

    async def _open(self, sender: Sender) -> Conversation:
        conversation = await self._offload.write(
            self._conversations.open,
            sender.channel,
            sender.external_id,
            language=sender.language,
            customer_id=sender.customer_id,
            verified=sender.customer_id is not None,
        )
        if conversation.verified and conversation.customer_id != sender.customer_id:
            raise AnotherCustomer("this conversation belongs to a customer who is not signed in here")
        return conversation

    async def _body(self, conversation: Conversation, incoming: Incoming) -> Body:
        """Give the message's body; a payload counts only if a button of this conversation offered it."""
        if incoming.attachment:
            return {"text": incoming.text, "attachment": incoming.attachment}
        payload = incoming.payload
        if not payload or len(payload) > _PAYLOAD_MAX_CHARS:
            return {"text": incoming.text}
        if not await self._offload.read(self._conversations.was_offered, conversation.id, payload):
            return {"text": incoming.text}
        return {"text": incoming.text, "payload": payload}

    def _announce(self, received: Received) -> None:
        accepted, conversation = received.accepted, received.conversation
        if not accepted.duplicate:
            self._hub.publish(conversation_topic(conversation.id), message_event(accepted.message))
            self._hub.publish(DESK, said_event(conversation.id, accepted.owner.value, conversation.agent_id))
        if accepted.owner is Owner.BOT:
            self._turns.wake(conversation.id)


def clean(text: str) -> str:
    r"""Give a text without control characters (but with line ends and tabs), lone surrogates and outer spaces.

    >>> clean("a\x00b\r\nc ")
    'ab\nc'
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char for char in unified if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs")).strip()
