"""What one browser tab has yet to see: pushed events where they fit the cursor, the database where they do not."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from bot.gateway.identity import Identity
from bot.gateway.push import Event, Subscription, conversation_topic
from bot.gateway.services import Services
from bot.gateway.wire import message_event, receipt_event
from crm_core.records.conversations import Author, Conversation, Message, Owner

Send = Callable[[Event], Awaitable[None]]

_BACKLOG = 200  # messages of an earlier talk that a fresh page gets


def visitor_topic(visitor: str) -> str:
    """Give the topic on which a visitor's tabs learn that a conversation has begun."""
    return f"visitor:{visitor}"


class Feed:
    """Sends a conversation to one tab, in order and without a gap, and follows the visitor into a new one.

    Args:
        services: The gateway's parts.
        visitor: Whose tab it is.
        send: Sends an event to the tab.
        customer_id: Who is signed in there.
    """

    def __init__(self, services: Services, visitor: str, send: Send, customer_id: str | None = None) -> None:
        self._services = services
        self._visitor = visitor
        self._customer_id = customer_id
        self._send = send
        self._events: Subscription | None = None
        self._owner: dict[str, Any] = {}
        self._receipts: dict[str, int] = {}
        self._in_order = asyncio.Lock()  # pushes, looks at the database and moves never overtake each other
        self.conversation: Conversation | None = None
        self.cursor = 0

    async def enter(self, conversation: Conversation | None, cursor: int = 0) -> None:
        """Turn to a conversation (or to none yet) and say so; the messages after the cursor follow."""
        async with self._in_order:
            self.conversation = conversation
            self.cursor = 0
            if conversation is not None:
                self.cursor = min(cursor, conversation.last_seq)
                self.cursor = max(self.cursor, conversation.last_seq - _BACKLOG)
            self._owner = await self._owner_now()
            self._receipts = _receipts(conversation)
            await self._send(
                {
                    "type": "welcome",
                    "conversation_id": conversation and conversation.id,
                    "cursor": self.cursor,
                    "language": conversation.language if conversation else self._services.settings.language,
                    "receipts": self._receipts,
                    **self._owner,
                }
            )
        if self._events is not None:
            self._events.close()

    async def run(self) -> None:
        """Send whatever comes, until cancelled."""
        while True:
            with self._services.hub.subscribe(self._topic()) as self._events:
                await self.catch_up()
                async for event in self._events:
                    await self._on(event)

    async def catch_up(self) -> None:
        """Send what the database has after the cursor."""
        async with self._in_order:
            await self._catch_up()

    async def _catch_up(self) -> None:
        conversation = self.conversation
        if conversation is None:
            return
        conversations = self._services.crm.conversations
        for message in await self._services.offload.read(
            conversations.messages, conversation.id, after_seq=self.cursor, limit=_BACKLOG * 2
        ):
            if message.seq > self.cursor:
                self.cursor = message.seq
                await self._send(await self._described(message))

    async def refresh(self) -> None:
        """Send whatever is new in the database: messages, and who answers."""
        await self.catch_up()
        await self.refresh_owner()

    async def refresh_owner(self) -> None:
        """Read again who answers, and say so where it has changed (another position in the queue, an agent).

        Raises:
            AnotherCustomer: Meanwhile somebody has signed in, in another tab: this one may no longer read along.
        """
        async with self._in_order:
            if self.conversation is None:
                return
            get = self._services.crm.conversations.get
            self.conversation = await self._services.offload.read(get, self.conversation.id)
            Identity.check(self.conversation, self._customer_id)
            for by, seq in _receipts(self.conversation).items():
                await self._tell_receipt(by, seq)
            owner = await self._owner_now()
            if owner != self._owner:
                self._owner = owner
                await self._send({"type": "owner", **owner})

    async def _on(self, event: Event) -> None:
        match event["type"]:
            case "message":
                await self._on_message(event)
            case "typing" if event["author"] != Author.CUSTOMER:
                await self._send(event)
            case "receipt":
                await self._tell_receipt(event["by"], event["seq"])
            case "changed":
                await self.refresh()
            case "moved" if self.conversation is None or event["conversation_id"] != self.conversation.id:
                conversation_id = event["conversation_id"]
                await self.enter(
                    await self._services.offload.read(self._services.crm.conversations.get, conversation_id)
                )

    async def _on_message(self, event: Event) -> None:
        async with self._in_order:
            if event["seq"] == self.cursor + 1 and event["author"] != Author.AGENT:
                self.cursor += 1
                await self._send(event)
            elif event["seq"] > self.cursor:
                await self._catch_up()

    async def _tell_receipt(self, by: str, seq: int) -> None:
        if seq > self._receipts.get(by, 0):
            self._receipts[by] = seq
            await self._send(receipt_event(by, seq))

    async def _described(self, message: Message) -> Event:
        return message_event(message, await self._services.names.of(message.agent_id))

    async def _owner_now(self) -> dict[str, Any]:
        conversation = self.conversation
        if conversation is None:
            return {"owner": Owner.BOT.value, "status": "new"}
        owner: dict[str, Any] = {"owner": conversation.owner.value, "status": conversation.status}
        if conversation.owner is Owner.QUEUE:
            entry = await self._services.offload.read(self._services.crm.conversations.handoff_state, conversation.id)
            owner["position"] = entry.position if entry else None
            owner["wait_minutes"] = _minutes(entry.expected_wait) if entry else None
        elif conversation.owner is Owner.HUMAN:
            owner["name"] = await self._services.names.of(conversation.agent_id)
        return owner

    def _topic(self) -> str:
        return conversation_topic(self.conversation.id) if self.conversation else visitor_topic(self._visitor)


def _receipts(conversation: Conversation | None) -> dict[str, int]:
    if conversation is None:
        return {"agent": 0, "customer": 0}
    return {"agent": conversation.seen_by_agent_seq, "customer": conversation.seen_by_customer_seq}


def _minutes(wait: timedelta | None) -> int | None:
    """Give a wait in minutes, as it is told to people."""
    return None if wait is None else max(1, math.ceil(wait / timedelta(minutes=1)))
