"""A customer with the widget: client message ids, an outbox, resuming from the cursor, sending again."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from contextlib import suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException

from benchmarks.chaos.journal import Journal, Shown, Written

CONFIRM_SECONDS = 8.0  # as in bot/widget/talk.js
WELCOME_SECONDS = 10.0
LONGEST_PAUSE_SECONDS = 4.0  # the widget waits up to 30: here the run would only take longer
HOLD_SECONDS = 3.0
_LOOK_SECONDS = 0.5
_LOST = (OSError, WebSocketException, InvalidHandshake, TimeoutError, httpx.HTTPError)


class WebClient:
    """One browser tab, kept connected until it is told to end.

    Args:
        gateways: The addresses among which its connections are shared out.
        chance: Decides everything that is left to chance.
    """

    def __init__(self, gateways: list[str], chance: random.Random) -> None:
        self._gateways = gateways
        self._chance = chance
        self._token = ""
        self._socket: ClientConnection | None = None
        self._dead: list[ClientConnection] = []
        self._outbox: dict[str, Written] = {}
        self._sent: set[str] = set()
        self._held_until = self._progress = 0.0
        self._sending: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._talking: asyncio.Task[None] | None = None
        self._welcomed = False
        self._conversation: str | None = None
        self._cursor = 0
        self._line = 0
        self.owner = "bot"
        self.journal = Journal("web", "")

    async def start(self) -> None:
        """Get a visitor token and connect."""
        while not self._token:
            try:
                async with httpx.AsyncClient(timeout=5) as http:
                    session = (await http.post(f"{self._address()}/chat/session", json={})).raise_for_status().json()
            except httpx.HTTPError:
                await asyncio.sleep(0.5)
                continue
            self._token, self.journal.party = session["token"], session["visitor"]
        self._running = asyncio.create_task(self._stay_connected())

    async def stop(self) -> None:
        """Leave."""
        tasks = [task for task in (self._running, self._talking) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for socket in [*self._dead, *([self._socket] if self._socket else [])]:
            socket.transport.abort()

    def write(self, text: str) -> str:
        """Put a message into the outbox and send it if there is a line."""
        message = Written(str(uuid.UUID(int=self._chance.getrandbits(128))), text)
        self.journal.written.append(message)
        self._outbox[message.id] = message
        if self._socket is not None:
            task = asyncio.create_task(self._flush(self._socket, [message]))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        return message.id

    async def again(self) -> None:
        """Send a message that is confirmed already, as a tab does that missed the confirmation."""
        confirmed = [message for message in self.journal.written if message.id in self.journal.confirmed]
        if confirmed and self._socket is not None:
            await self._flush(self._socket, [self._chance.choice(confirmed[-3:])])

    def cut(self, *, half_open: bool) -> None:
        """Break the line: at once for both sides, or so that only this side knows."""
        socket, self._socket = self._socket, None
        if socket is None:
            return
        self.journal.cuts += 1
        if half_open:
            socket.transport.pause_reading()
            self._dead.append(socket)
            if len(self._dead) > 2:
                self._dead.pop(0).transport.abort()
        else:
            socket.transport.abort()
        self._interrupt()

    @property
    def waiting(self) -> int:
        """How many messages are not confirmed."""
        return len(self._outbox)

    @property
    def newest(self) -> tuple[str | None, int]:
        """The conversation and how far it has been shown."""
        return self._conversation, self._cursor

    async def news(self, patience: float) -> None:
        """Wait until anything happens."""
        self._changed.clear()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._changed.wait(), patience)

    def answered(self, message_id: str) -> bool:
        """Tell whether somebody other than the customer has written since a message."""
        places = [line.seq for line in self.journal.shown if line.id == message_id]
        last = self.journal.shown[-1] if self.journal.shown else None
        return bool(places and last and last.author in ("bot", "agent") and last.seq > places[-1])

    def _address(self) -> str:
        return self._chance.choice(self._gateways)

    def _interrupt(self) -> None:
        if self._talking:
            self._talking.cancel()

    async def _stay_connected(self) -> None:
        tries = 0
        while True:
            self._talking = asyncio.create_task(self._talk())
            done, _ = await asyncio.wait([self._talking])
            error = None if self._talking.cancelled() else done.pop().exception()
            if error is not None and not isinstance(error, _LOST):
                raise error
            welcomed, self._welcomed = self._welcomed, False
            tries = 0 if welcomed else tries + 1
            pause = min(0.25 * 2**tries, LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause * self._chance.uniform(0.5, 1))

    async def _talk(self) -> None:
        address = self._address().replace("http", "ws", 1)
        self._line += 1
        socket = await connect(f"{address}/chat/socket", open_timeout=WELCOME_SECONDS, ping_interval=None, proxy=None)
        try:
            hello: dict[str, Any] = {"type": "hello", "token": self._token, "cursor": self._cursor}
            if self._conversation:
                hello["conversation_id"] = self._conversation
            await socket.send(json.dumps(hello))
            async with asyncio.timeout(WELCOME_SECONDS):
                while not self._welcomed:
                    self._on(json.loads(await socket.recv()))
            self._socket, self._held_until = socket, 0.0
            await self._flush(socket, list(self._outbox.values()))
            while True:
                await self._receive(socket)
        finally:
            if self._socket is socket:
                self._socket = None
            if socket not in self._dead:
                socket.transport.abort()

    async def _receive(self, socket: ClientConnection) -> None:
        """Take one event; a line on which nothing is confirmed is no line."""
        try:
            async with asyncio.timeout(_LOOK_SECONDS):
                packet = await socket.recv()
        except TimeoutError:
            now = asyncio.get_running_loop().time()
            if 0 < self._held_until <= now:
                self._held_until = 0.0
                await self._flush(socket, list(self._outbox.values()))
            elif self._outbox and not self._held_until and now - self._progress > CONFIRM_SECONDS:
                raise
            return
        self._on(json.loads(packet))

    async def _flush(self, socket: ClientConnection, waiting: list[Written]) -> None:
        if self._held_until:
            return
        self._progress = asyncio.get_running_loop().time()
        for message in waiting:
            self.journal.resends += message.id in self._sent
            self._sent.add(message.id)
            with suppress(WebSocketException, OSError):
                await socket.send(json.dumps({"type": "message", "id": message.id, "text": message.text}))

    def _on(self, event: dict[str, Any]) -> None:
        match event["type"]:
            case "welcome":
                self._welcomed = True
                if event["conversation_id"] != self._conversation:
                    self._conversation = event["conversation_id"]
                self._cursor = event["cursor"]
                self.owner = event["owner"]
                if self._conversation:
                    self.journal.welcomes.setdefault((self._line, self._conversation), self._cursor)
            case "message":
                self._show(event)
            case "accepted":
                self._confirm(event["id"], event["seq"])
            case "refused":
                self._held_until = asyncio.get_running_loop().time() + HOLD_SECONDS
            case "owner":
                self.owner = event["owner"]
        self._changed.set()

    def _show(self, event: dict[str, Any]) -> None:
        body = event["body"]
        text = str(body.get("event") or body.get("text") or "")
        conversation = self._conversation or ""
        self.journal.shown.append(Shown(self._line, conversation, event["seq"], event["author"], text, event.get("id")))
        self._cursor = max(self._cursor, event["seq"])
        if event.get("id"):
            self._confirm(event["id"], event["seq"])

    def _confirm(self, message_id: str, seq: int) -> None:
        self._outbox.pop(message_id, None)
        self._progress = asyncio.get_running_loop().time()
        self.journal.confirmed[message_id] = seq
