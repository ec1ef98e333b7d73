"""An assistant of a few lines, and a browser tab as the gateway sees one."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from crm_core.errors import AssistantUnavailable
from crm_core.records.conversations import PendingTurn, TurnResult

Event = dict[str, Any]
_PATIENCE_SECONDS = 5


@dataclass
class FakeAssistant:
    """Repeats what it hears; may be away, or answer as told."""

    away: bool = False
    replies: Callable[[PendingTurn], TurnResult] | None = None
    heard: list[PendingTurn] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    pauses: dict[str, float] = field(default_factory=dict)

    async def answer(self, turn: PendingTurn, language: str) -> TurnResult:
        self.heard.append(turn)
        self.languages.append(language)
        await asyncio.sleep(self.pauses.get(turn.message.body["text"], 0))
        if self.away:
            raise AssistantUnavailable("away")
        if self.replies:
            return self.replies(turn)
        return TurnResult([{"text": f"You said: {turn.message.body['text']}"}], {"intent": {"name": "echo"}})

    async def problem(self) -> str | None:
        return "away" if self.away else None

    async def close(self) -> None:
        """Nothing to close."""

    @property
    def texts(self) -> list[str]:
        return [turn.message.body["text"] for turn in self.heard]


class Tab:
    """Sends frames and collects events, straight over ASGI."""

    def __init__(self) -> None:
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._outgoing: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.events: list[Event] = []

    @classmethod
    @asynccontextmanager
    async def connected(cls, app: FastAPI) -> AsyncIterator[Tab]:
        """Open a WebSocket and say nothing yet."""
        tab = cls()
        scope = {
            **{"type": "websocket", "path": "/chat/socket", "raw_path": b"/chat/socket", "query_string": b""},
            **{
                "headers": [],
                "client": ("10.0.0.1", 1),
                "subprotocols": [],
                "scheme": "ws",
                "asgi": {"version": "3.0"},
            },
        }
        serving = asyncio.create_task(app(scope, tab._incoming.get, tab._outgoing.put))
        await tab._incoming.put({"type": "websocket.connect"})
        assert (await tab._outgoing.get())["type"] == "websocket.accept"
        try:
            yield tab
        finally:
            await tab._incoming.put({"type": "websocket.disconnect", "code": 1001})
            await asyncio.wait_for(serving, _PATIENCE_SECONDS)

    async def send(self, **frame: object) -> None:
        await self.send_text(json.dumps(frame))

    async def send_text(self, text: str) -> None:
        await self._incoming.put({"type": "websocket.receive", "text": text})

    async def write(self, text: str, *, payload: str | None = None, id: str | None = None) -> str:
        message_id = id or str(uuid.uuid4())
        button = {"payload": payload} if payload else {}
        await self.send(type="message", id=message_id, text=text, **button)
        return message_id

    async def next(self, type: str, **values: object) -> Event:
        """Wait for an event of a type with these values; the others are collected on the way."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                packet = await self._outgoing.get()
                assert packet["type"] == "websocket.send", packet
                event = json.loads(packet["text"])
                self.events.append(event)
                if event["type"] == type and all(event.get(key) == value for key, value in values.items()):
                    return dict(event)

    async def close_code(self) -> int:
        """Wait until the gateway hangs up."""
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                packet = await self._outgoing.get()
                if packet["type"] == "websocket.close":
                    return int(packet["code"])

    async def said_by_bot(self, text: str) -> Event:
        return await self.next("message", author="bot", body={"text": text})

    def messages(self) -> list[Event]:
        return [event for event in self.events if event["type"] == "message"]


@dataclass
class Gateway:
    """The running application."""

    app: FastAPI
    http: httpx.AsyncClient

    async def token(self) -> str:
        return str((await self.http.post("/chat/session", json={})).json()["token"])

    @asynccontextmanager
    async def tab(self, token: str | None = None, **hello: object) -> AsyncIterator[Tab]:
        """Open a tab that says hello, as a new visitor unless a token is given."""
        async with Tab.connected(self.app) as tab:
            await tab.send(type="hello", token=token or await self.token(), **hello)
            yield tab
