"""The chat's protocol: a session's token by HTTP, then one WebSocket per browser tab."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Any, Literal

import structlog
from fastapi import APIRouter, Request, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

from bot.gateway.cards import Cards
from bot.gateway.errors import Refused, TokenInvalid
from bot.gateway.feed import Feed, visitor_topic
from bot.gateway.frames import FRAME, CardEvent, Frame, Hello, Seen, Stay, Typing, Write
from bot.gateway.identity import AnotherCustomer, Identity
from bot.gateway.inbox import Incoming, Sender
from bot.gateway.push import CHANGED, DESK, conversation_topic
from bot.gateway.services import Services
from bot.gateway.wire import typing_event
from bot.phrases import bot_phrases
from crm_core.errors import Conflict, RapportError, StorageUnavailable
from crm_core.language import LANGUAGES
from crm_core.records.conversations import Conversation, Owner

log = structlog.get_logger(__name__)

CHANNEL = "web"
TOKEN_REFUSED, CUSTOMER_REFUSED, CUSTOMER_CHANGED, TRY_LATER = 4401, 4403, 4409, 1013
_HELLO_SECONDS = 10
_TICK_SECONDS = 2.0
_TICKS_PER_LOOK = 5
_BAD_FRAMES = 10


class Turned(Exception):
    """The tab is sent away: with a code for the program and a close code for the socket."""

    def __init__(self, code: str, close: int) -> None:
        self.code = code
        self.close = close
        super().__init__(code)


class SessionRequest(BaseModel):
    """What a widget says when it begins."""

    language: Literal["en", "zh"] | None = None


class Session(BaseModel):
    """A new visitor."""

    token: str
    visitor: str


def router(services: Services) -> APIRouter:
    """Give the chat's routes."""
    routes = APIRouter(prefix="/chat", tags=["chat"])

    @routes.post("/session")
    async def session(request: Request, _wish: SessionRequest | None = None) -> Session:
        """Make a visitor and give the token that binds this browser to its conversation."""
        await services.limits.session(request.client.host if request.client else "")
        token, visitor = services.tokens.new_visitor()
        return Session(token=token, visitor=visitor)

    @routes.websocket("/socket")
    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        with services.metrics.sockets.track_inprogress():
            await Tab(websocket, services).serve()

    return routes


class Tab:
    """One browser tab.

    Args:
        socket: The accepted WebSocket.
        services: The gateway's parts.
    """

    def __init__(self, socket: WebSocket, services: Services) -> None:
        self._socket = socket
        self._services = services
        self._identity = Identity(services.crm, services.tokens, services.offload)
        self._cards = Cards(services.crm, services.offload)
        self._language = services.settings.language
        self._seen = self._confirmed = 0
        self._sender: Sender
        self._feed: Feed

    async def serve(self) -> None:
        """Talk with the tab until it goes."""
        with suppress(WebSocketDisconnect, RuntimeError):  # gone, also in the middle of a send
            try:
                await self._begin()
                await self._talk()
            except Turned as turned:
                await self._error(turned.code)
                await self._socket.close(turned.close)
            except RapportError as error:
                log.warning("chat_interrupted", error=str(error))
                await self._error("unavailable")
                await self._socket.close(TRY_LATER)

    async def _begin(self) -> None:
        try:
            async with asyncio.timeout(_HELLO_SECONDS):
                hello = await self._receive()
        except TimeoutError as error:
            raise Turned("hello_expected", TOKEN_REFUSED) from error
        if not isinstance(hello, Hello):
            raise Turned("hello_expected", TOKEN_REFUSED)
        if hello.language in LANGUAGES:
            self._language = str(hello.language)
        visitor, customer_id, conversation = await self._recognise(hello)
        address = self._socket.client.host if self._socket.client else ""
        self._sender = Sender(CHANNEL, visitor, address, self._language, customer_id)
        self._feed = Feed(self._services, visitor, self._send)
        same = conversation is not None and hello.conversation_id in (None, conversation.id)
        await self._feed.enter(conversation, hello.cursor if same else 0)

    async def _recognise(self, hello: Hello) -> tuple[str, str | None, Conversation | None]:
        try:
            visitor = self._services.tokens.visitor(hello.token)
        except TokenInvalid as error:
            raise Turned("token_invalid", TOKEN_REFUSED) from error
        try:
            customer_id = await self._identity.customer(hello.customer_token)
        except TokenInvalid as error:
            log.info("customer_token_refused", error=str(error))
            raise Turned("customer_token_invalid", CUSTOMER_REFUSED) from error
        latest = await self._services.offload.read(self._services.crm.conversations.current, CHANNEL, visitor)
        try:
            return visitor, customer_id, await self._identity.admit(latest, customer_id)
        except AnotherCustomer as error:
            raise Turned("customer_changed", CUSTOMER_CHANGED) from error

    async def _talk(self) -> None:
        """Read, push and keep up side by side; the first to end or to fail ends the others."""
        tasks = [asyncio.create_task(work()) for work in (self._read, self._feed.run, self._keep_up)]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with suppress(StorageUnavailable):
                await self._confirm()

    async def _read(self) -> None:
        bad = 0
        while bad < _BAD_FRAMES:
            frame = await self._receive()
            if frame is None or isinstance(frame, Hello):
                bad += 1
                await self._error("invalid")
            else:
                await self._on(frame)
        raise Turned("invalid", TOKEN_REFUSED)

    async def _on(self, frame: Frame) -> None:
        match frame:
            case Write():
                await self._on_message(frame)
            case Seen():
                self._seen = max(self._seen, min(frame.seq, self._feed.cursor))
            case Typing() if self._feed.conversation:
                self._services.hub.publish(conversation_topic(self._feed.conversation.id), typing_event("customer"))
            case CardEvent() if self._feed.conversation:
                await self._cards.record(self._feed.conversation, frame)
            case Stay() if self._feed.conversation:
                await self._stay(self._feed.conversation)

    async def _on_message(self, frame: Write) -> None:
        incoming = Incoming(frame.text, frame.payload, frame.id)
        before = self._feed.conversation
        try:
            received = await self._services.inbox.receive(self._sender, incoming, before)
        except Refused as refusal:
            words = refusal.words(self._language)
            await self._send({"type": "refused", "id": frame.id, "code": refusal.code, "message": words})
            return
        accepted = received.accepted
        if before is None or accepted.message.conversation_id != before.id:
            await self._follow(before, received.conversation)
        elif self._feed.conversation is before:
            self._feed.conversation = replace(before, language=received.conversation.language)
        await self._send({"type": "accepted", "id": frame.id, "seq": accepted.message.seq})

    async def _stay(self, conversation: Conversation) -> None:
        with suppress(Conflict):  # a person has come meanwhile
            await self._services.offload.write(self._services.crm.conversations.cancel_handoff, conversation.id)
        self._services.hub.publish(conversation_topic(conversation.id), CHANGED)
        self._services.hub.publish(DESK, {**CHANGED, "conversation_id": conversation.id})

    async def _follow(self, before: Conversation | None, conversation: Conversation) -> None:
        """Go over into a conversation that has just begun, and take the visitor's other tabs along."""
        self._seen = self._confirmed = 0
        await self._feed.enter(conversation)
        moved = {"type": "moved", "conversation_id": conversation.id}
        self._services.hub.publish(visitor_topic(self._sender.external_id), moved)
        if before is not None:
            self._services.hub.publish(conversation_topic(before.id), moved)

    async def _keep_up(self) -> None:
        """Now and then: confirm what was seen, and look whether the queue has moved (or a push was lost)."""
        tick = 0
        while True:
            await asyncio.sleep(_TICK_SECONDS)
            tick += 1
            await self._confirm()
            conversation = self._feed.conversation
            if tick % _TICKS_PER_LOOK == 0 and conversation and conversation.owner is not Owner.BOT:
                await self._feed.refresh()

    async def _confirm(self) -> None:
        conversation, seen = self._feed.conversation, self._seen
        if conversation is None or seen <= self._confirmed:
            return
        before, self._confirmed = max(self._confirmed, conversation.delivered_seq), seen
        crm, offload = self._services.crm, self._services.offload
        if seen > before:  # first: what is confirmed is not looked through again
            await offload.write(crm.recommendations.seen, conversation.id, before, seen)
        await offload.write(crm.conversations.confirm_delivery, conversation.id, seen)

    async def _receive(self) -> Frame | None:
        """Give the next frame, or None for one that nobody understands."""
        packet = await self._socket.receive()
        if packet["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(packet.get("code", 1000))
        try:
            return FRAME.validate_json(packet.get("text") or packet.get("bytes") or "")
        except ValidationError:
            return None

    async def _send(self, event: dict[str, Any]) -> None:
        await self._socket.send_json(event)

    async def _error(self, code: str) -> None:
        words = bot_phrases.say(self._language, f"gateway-error-{code.replace('_', '-')}")
        await self._send({"type": "error", "code": code, "message": words})
