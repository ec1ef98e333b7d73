"""Rasa's REST channel: existing programs and test tools talk to the gateway as they talked to Rasa.

The answer to a message comes in the response. What was said since (an agent's words, an answer that came too late)
comes with the next one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from cachetools import TTLCache
from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.responses import JSONResponse, Response

from bot.gateway.errors import Refused, describe
from bot.gateway.identity import Identity
from bot.gateway.inbox import Incoming, Sender, clean
from bot.gateway.push import CHANGED, Event, Subscription, conversation_topic
from bot.gateway.services import Services
from bot.gateway.told import told
from crm_core.language import LANGUAGES
from crm_core.records.conversations import Author, Body, Conversation, Message, Owner

CHANNEL = "rest"
_MARGIN_SECONDS = 10
_LOOK_BACK = 20
_LOOK_SECONDS = 2.0  # push is a hint: who waits looks by itself, too
_REMEMBERED = 50_000
_REMEMBERED_SECONDS = 600


class RestMessage(BaseModel):
    """A message as Rasa's REST channel takes it."""

    sender: str = Field(min_length=1, max_length=130)
    message: str
    metadata: dict[str, Any] | None = Field(
        default=None,
        description="`customer_token`: signed by the shop; `message_id`: a repeat is one message; "
        "`language`: `en` or `zh`, of a conversation that begins",
    )


@dataclass(frozen=True, slots=True)
class Exchange:
    """A program's message that is on disk, and how its answers are awaited."""

    sender: str
    message: Message
    events: Subscription
    given: int  # up to which message the program has been given all answers
    waits: bool  # for the bot; nobody waits for a person here
    repeated: bool  # the program had sent it before


def router(services: Services) -> APIRouter:
    """Give the channel's routes."""
    routes = APIRouter(prefix="/webhooks/rest", tags=["programs"])
    channel = RestChannel(services)

    @routes.get("/")
    async def health() -> dict[str, str]:
        """Tell that the channel is there."""
        return {"status": "ok"}

    @routes.post("/webhook", response_model=None)
    async def webhook(request: Request, message: RestMessage, stream: bool = False) -> Response:
        """Take a message and give the answers, in one list or (with `stream=true`) line by line."""
        exchange = await channel.receive(message, request.client.host if request.client else "")
        answers = channel.answers(exchange, request.is_disconnected)
        if stream:
            return StreamingResponse(_lines(answers), media_type="application/x-ndjson")
        return JSONResponse([answer async for answer in answers])

    return routes


async def _nobody_left() -> bool:
    return False


class RestChannel:
    """Takes the messages of programs and collects what is answered.

    Args:
        services: The gateway's parts.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self._offload = services.offload
        self._conversations = services.crm.conversations
        self._identity = Identity(services.crm, services.tokens, services.offload)
        self._patience = services.settings.turn_seconds + _MARGIN_SECONDS
        self._given: TTLCache[str, int] = TTLCache(_REMEMBERED, _REMEMBERED_SECONDS)
        self._given_before: TTLCache[str, int] = TTLCache(_REMEMBERED, _REMEMBERED_SECONDS)  # by message
        self._collecting: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def receive(self, message: RestMessage, address: str) -> Exchange:
        """Commit a message, and listen for its answers from that moment on."""
        metadata = message.metadata or {}
        customer_id = await self._identity.customer(_text(metadata.get("customer_token")))
        latest = await self._offload.read(self._conversations.current, CHANNEL, message.sender)
        conversation = await self._identity.admit(latest, customer_id)
        wish = _text(metadata.get("language"))
        language = wish if wish in LANGUAGES else self._services.settings.language
        sender = Sender(CHANNEL, message.sender, address, language, customer_id)
        incoming = await self._incoming(message.message, _text(metadata.get("message_id")), conversation)
        received = await self._services.inbox.receive(sender, incoming, conversation)
        mine = received.accepted.message
        given = self._given.get(mine.conversation_id, 0)
        if conversation is not None and conversation.id == mine.conversation_id:
            given = max(given, conversation.delivered_seq)
        if received.accepted.duplicate:  # its answer got lost on the way: all that was in it is given again
            given = self._given_before.get(mine.id, mine.seq if mine.given_seq is None else mine.given_seq)
        return Exchange(
            sender=message.sender,
            message=mine,
            events=self._services.hub.subscribe(conversation_topic(mine.conversation_id)),
            given=given,
            waits=received.accepted.owner is Owner.BOT,
            repeated=received.accepted.duplicate,
        )

    async def answers(
        self, exchange: Exchange, is_gone: Callable[[], Awaitable[bool]] = _nobody_left
    ) -> AsyncIterator[dict[str, Any]]:
        """Give what the program has not been given yet, until the message's turn is done.

        Args:
            exchange: The message.
            is_gone: Tells whether the program has hung up: then nothing counts as given.

        Raises:
            Refused: The turn is not done in time; its answers come with the next message.
            StorageUnavailable: What is given cannot be noted; a repeat of the message gives it again.
        """
        mine = exchange.message
        deadline = asyncio.get_running_loop().time() + self._patience
        with exchange.events as events:
            async with self._alone(mine.conversation_id, deadline):
                cursor = self._cursor(exchange)
                if not exchange.repeated:
                    self._given_before[mine.id] = cursor
                waits = exchange.waits and not (exchange.repeated and await self._is_settled(mine))
                earlier = exchange.repeated or mine.seq > cursor + 1
                news = await self._read(mine.conversation_id, cursor) if earlier else []
                cursor = cursor if earlier else max(cursor, mine.seq)
                while news or waits:
                    for event in news:
                        cursor = event["seq"]
                        for answer in rasa_shapes(exchange.sender, event):
                            yield answer
                    if not waits:
                        break
                    event = await _next(events, deadline)
                    waits = not await self._ends(event, mine)
                    news = await self._news(event, mine.conversation_id, cursor)
                if not await is_gone():
                    await self._confirm(mine.conversation_id, max(cursor, mine.seq))

    @asynccontextmanager
    async def _alone(self, conversation_id: str, deadline: float) -> AsyncIterator[None]:
        """Collect a conversation's answers one message at a time, so that none is given twice."""
        lock = self._collecting.setdefault(conversation_id, asyncio.Lock())
        try:
            async with asyncio.timeout_at(deadline):
                await lock.acquire()
        except TimeoutError as error:
            raise Refused("answer_pending", 504) from error
        try:
            yield
        finally:
            lock.release()

    def _cursor(self, exchange: Exchange) -> int:
        """Give up to where the program has everything, with what another message of it has taken meanwhile."""
        if exchange.repeated:
            return exchange.given
        return max(exchange.given, self._given.get(exchange.message.conversation_id, 0))

    async def _ends(self, event: Event, mine: Message) -> bool:
        """Tell whether an event ends the waiting for a message's answers."""
        if event["type"] == "turn":
            return bool(event["message_id"] == mine.id)
        return event["type"] == "changed" and await self._is_settled(mine)

    async def _is_settled(self, mine: Message) -> bool:
        """Tell whether a message is answered, or was a person's to answer: also one who has left again since."""
        return await self._offload.read(self._conversations.is_handled, mine.id)

    async def _news(self, event: Event, conversation_id: str, cursor: int) -> list[Event]:
        if event["type"] == "message" and event["seq"] <= cursor + 1:
            return [event] if event["seq"] > cursor else []
        # after a gap, too: push is a hint, and another gateway's may have got lost
        return await self._read(conversation_id, cursor) if event["type"] in ("changed", "message") else []

    async def _read(self, conversation_id: str, cursor: int) -> list[Event]:
        messages = await self._offload.read(self._conversations.messages, conversation_id, after_seq=cursor)
        talk = await self._offload.read(self._conversations.get, conversation_id)
        return [
            {"seq": message.seq, "author": message.author.value, "body": _in_words(message, talk.language)}
            for message in messages
        ]

    async def _incoming(self, text: str, message_id: str | None, conversation: Conversation | None) -> Incoming:
        """A program presses a button by sending its payload; the log shows the button's title then."""
        payload = clean(text)
        if conversation is None or not payload.startswith("/"):
            return Incoming(text, None, message_id)
        after = max(0, conversation.last_seq - _LOOK_BACK)
        messages = await self._offload.read(self._conversations.messages, conversation.id, after_seq=after)
        buttons = [button for message in messages for button in message.body.get("buttons", ())]
        title = next((button["title"] for button in reversed(buttons) if button["payload"] == payload), text)
        return Incoming(title, payload, message_id)

    async def _confirm(self, conversation_id: str, seq: int) -> None:
        """Note what is given, on disk before it leaves: a gateway that dies right after has not to give it again."""
        await self._offload.write(self._conversations.confirm_delivery, conversation_id, seq)
        self._given[conversation_id] = seq


def rasa_shapes(sender: str, event: Event) -> list[dict[str, Any]]:
    """Give a message in the pieces in which Rasa's REST channel gives it; none for the customer's own."""
    if event["author"] == Author.CUSTOMER:
        return []
    body: Body = event["body"]
    shapes: list[dict[str, Any]] = []
    if "text" in body:
        shapes.append({"text": body["text"], **({"buttons": body["buttons"]} if body.get("buttons") else {})})
    if "image" in body:
        shapes.append({"image": body["image"]})
    if body.get("cards"):
        shapes.append({"custom": {"cards": body["cards"]}})
    return [{"recipient_id": sender, **shape} for shape in shapes]


def _in_words(message: Message, language: str) -> Body:
    """Give a message's body; a system line that matters to the customer gets words."""
    words = told(message.body, language) if message.author is Author.SYSTEM else None
    return {"text": words} if words else message.body


async def _next(events: Subscription, deadline: float) -> Event:
    look = asyncio.get_running_loop().time() + _LOOK_SECONDS
    try:
        async with asyncio.timeout_at(min(look, deadline)):
            return await anext(events)
    except TimeoutError as error:
        if look < deadline:
            return CHANGED
        raise Refused("answer_pending", 504) from error
    except StopAsyncIteration as error:
        raise Refused("answer_pending", 504) from error


async def _lines(answers: AsyncIterator[dict[str, Any]]) -> AsyncIterator[str]:
    try:
        async for answer in answers:
            yield json.dumps(answer, ensure_ascii=False) + "\n"
    except Refused as refusal:
        yield json.dumps({"error": describe(refusal)[1]}) + "\n"


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
