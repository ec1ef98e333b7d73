"""Keeps an open desk page up to date: listens to the live push, and reads again at most a few times a second."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from nicegui import Client, background_tasks

from bot.gateway.push import Event, Hub
from crm_core.errors import NotAllowed

_REST_SECONDS = 0.05  # between two readings, so that a burst of events is one

log = structlog.get_logger(__name__)

Refresh = Callable[[], Awaitable[None]]
Hear = Callable[[Event], None]
Concerns = Callable[[Event], bool]


class Ear:
    """Listens to one topic at a time and has a page refreshed after each event that changes something.

    Args:
        hub: Where events come from.
        client: The page; listening ends with it.
        refresh: Reads again and shows.
        hear: Called with events that change nothing in the database (somebody types).
        concerns: Tells whether an event changes what this page shows; None: each does.
        rest_seconds: Between two readings.
    """

    def __init__(
        self,
        hub: Hub,
        client: Client,
        refresh: Refresh,
        hear: Hear | None = None,
        *,
        concerns: Concerns | None = None,
        rest_seconds: float = _REST_SECONDS,
    ) -> None:
        self._rest_seconds = rest_seconds
        self._hub = hub
        self._client = client
        self._refresh = refresh
        self._hear = hear
        self._concerns = concerns
        self._changed = asyncio.Event()
        self._listener: asyncio.Task[None] | None = None
        self._worker = background_tasks.create(self._work(), name="desk refresh")
        client.on_delete(self.close)

    def listen(self, topic: str) -> None:
        """Listen to this topic from now on, and no more to the one before."""
        if self._listener is not None:
            self._listener.cancel()
        self._listener = background_tasks.create(self._listen(topic), name=f"desk listens to {topic}")

    def changed(self) -> None:
        """Have the page refreshed soon."""
        self._changed.set()

    def close(self) -> None:
        """Stop listening."""
        self._worker.cancel()
        if self._listener is not None:
            self._listener.cancel()

    async def _listen(self, topic: str) -> None:
        with self._hub.subscribe(topic) as events:
            async for event in events:
                if event.get("type") == "typing":
                    self._heard(event)
                elif self._concerns is None or self._concerns(event):
                    self._changed.set()

    def _heard(self, event: Event) -> None:
        if self._hear is not None and not self._client.is_deleted:
            with self._client:
                self._hear(event)

    async def _work(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._client.is_deleted:
                return
            try:
                with self._client:
                    await self._refresh()
            except NotAllowed:
                return
            except Exception:  # the page goes on: a database that is away comes back, and the next event reads again
                log.exception("desk_not_refreshed")
            await asyncio.sleep(self._rest_seconds)
