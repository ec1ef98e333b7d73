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
from bot.gateway.frames import FRAME, CardEvent, Contact, Frame, Hello, Ping, Seen, Stay, Typing, Write
from bot.gateway.identity import AnotherCustomer, Identity
from bot.gateway.inbox import Incoming, Sender
from bot.gateway.push import CHANGED, DESK, conversation_topic
from bot.gateway.services import Services
from bot.gateway.wire import receipt_event, typing_event
from bot.phrases import bot_phrases
from crm_core.errors import AttachmentNotFound, Conflict, InvalidInput, RapportError, StorageUnavailable
from crm_core.language import LANGUAGES
from crm_core.records.conversations import Body, Conversation, Owner

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
        self._typing = False
        self._customer_token: str | None = None
        self._refused_for_now: tuple[str, Refused] | None = None
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
            except AnotherCustomer:  # somebody signed in meanwhile, in another tab
                await self._error("customer_changed")
                await self._socket.close(CUSTOMER_CHANGED)
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
        self._feed = Feed(self._services, visitor, self._send, customer_id)
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
        self._customer_token = hello.customer_token or None
        latest = await self._services.offload.read(self._services.crm.conversations.current, CHANNEL, visitor)
        admitted = await self._identity.admit(latest, customer_id)
        if latest and admitted and admitted.verified and not latest.verified:  # its other tabs look who they are
            self._services.hub.publish(conversation_topic(admitted.id), CHANGED)
        return visitor, customer_id, admitted

    def _check_customer(self) -> None:
        """Let nobody go on as a customer for longer than the shop's word holds."""
        if self._customer_token is None:
            return
        try:
            self._services.tokens.customer_number(self._customer_token)
        except TokenInvalid as error:
            raise Turned("customer_token_invalid", CUSTOMER_REFUSED) from error

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
            self._type(on=False)
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
        self._check_customer()
        match frame:
            case Write():
                await self._on_message(frame)
            case Seen():
                self._seen = max(self._seen, min(frame.seq, self._feed.cursor))
            case Typing():
                self._type(on=frame.on)
            case CardEvent() if self._feed.conversation:
                await self._cards.record(self._feed.conversation, frame)
            case Stay() if self._feed.conversation:
                await self._stay(self._feed.conversation)
            case Ping():
                await self._feed.catch_up()  # a push may have been lost
                await self._send({"type": "pong"})
            case Contact() if self._feed.conversation:
                await self._leave_contact(self._feed.conversation, frame.address)

    def _type(self, *, on: bool) -> None:
        """Tell that the customer writes, or no longer does: also when the tab goes in the middle of it."""
        if self._feed.conversation and (on or self._typing):
            topic = conversation_topic(self._feed.conversation.id)
            self._services.hub.publish(topic, typing_event("customer", on=on))
        self._typing = on

    async def _on_message(self, frame: Write) -> None:
        before = self._feed.conversation
        self._typing = False  # the message itself ends it for those who look
        try:
            self._check_turn_of(frame.id)
            incoming = Incoming(frame.text, frame.payload, frame.id, await self._attachment(frame))
            received = await self._services.inbox.receive(self._sender, incoming, before)
        except Refused as refusal:
            if refusal.for_now:
                self._refused_for_now = self._refused_for_now or (frame.id, refusal)
            words = refusal.words(self._language)
            await self._send({"type": "refused", "id": frame.id, "code": refusal.code, "message": words})
            return
        self._refused_for_now = None
        accepted = received.accepted
        if before is None or received.conversation.id != before.id:
            await self._follow(before, received.conversation)
        elif self._feed.conversation is before:
            self._feed.conversation = replace(before, language=received.conversation.language)
        await self._send({"type": "accepted", "id": frame.id, "seq": accepted.message.seq})

    async def _attachment(self, frame: Write) -> Body | None:
        if frame.attachment is None:
            return None
        get, visitor = self._services.crm.attachments.get, self._sender.external_id
        try:
            found = await self._services.offload.read(get, frame.attachment, channel=CHANNEL, external_id=visitor)
        except AttachmentNotFound as error:
            raise Refused("attachment_gone") from error
        return found.described

    def _check_turn_of(self, message_id: str) -> None:
        """Let no message overtake one that was refused for now and that the browser will send again.

        Raises:
            Refused: The other one comes first.
        """
        if self._refused_for_now is not None and self._refused_for_now[0] != message_id:
            raise self._refused_for_now[1]

    async def _stay(self, conversation: Conversation) -> None:
        with suppress(Conflict):  # a person has come meanwhile
            await self._services.offload.write(self._services.crm.conversations.cancel_handoff, conversation.id)
        self._tell_changed(conversation)

    async def _leave_contact(self, conversation: Conversation, address: str) -> None:
        try:
            await self._services.offload.write(self._services.crm.conversations.leave_contact, conversation.id, address)
        except InvalidInput:
            await self._error("contact_invalid")
        except Conflict:  # a person has come meanwhile
            log.info("contact_not_left", conversation_id=conversation.id)
        self._tell_changed(conversation)

    def _tell_changed(self, conversation: Conversation) -> None:
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
            self._check_customer()
            await self._confirm()
            conversation = self._feed.conversation
            if tick % _TICKS_PER_LOOK == 0 and conversation and conversation.owner is not Owner.BOT:
                await self._feed.refresh()

    async def _confirm(self) -> None:
        conversation, seen = self._feed.conversation, self._seen
        if conversation is None or seen <= self._confirmed:
            return
        before, self._confirmed = max(self._confirmed, conversation.seen_by_customer_seq), seen
        crm, offload = self._services.crm, self._services.offload
        if seen > before:  # first: what is confirmed is not looked through again
            await offload.write(crm.recommendations.seen, conversation.id, before, seen)
        if await offload.write(crm.conversations.seen_by_customer, conversation.id, seen):
            self._services.hub.publish(conversation_topic(conversation.id), receipt_event("customer", seen))

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
        if self._refused_for_now and event.get("id") == self._refused_for_now[0] and event["type"] == "message":
            self._refused_for_now = None  # another tab of the browser has sent it
        await self._socket.send_json(event)

    async def _error(self, code: str) -> None:
        words = bot_phrases.say(self._language, f"gateway-error-{code.replace('_', '-')}")
        await self._send({"type": "error", "code": code, "message": words})
