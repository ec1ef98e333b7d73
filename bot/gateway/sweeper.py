"""Sees to what happens by itself: timers that are due, those who wait for people, talks that are over, the index."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

import structlog

from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from crm_core.crm import Crm
from crm_core.errors import RapportError

log = structlog.get_logger(__name__)

_TEND_SECONDS = 1.0
_INDEX_SECONDS = 10.0  # until what was said can be searched
_SWEEP_SECONDS = 60.0  # conversations that are over can wait
_MONTHS_SECONDS = 3600.0  # they are made two months ahead
_KEEP_SECONDS = 900.0  # what nobody needs any more can wait
_BREATH_SECONDS = 0.02  # between two batches of the search index: those who write come first


class Sweeper:
    """Looks every second; several gateways may do it at once, and each thing is done by one of them.

    Args:
        crm: The database's use cases.
        hub: Where it is announced.
        offload: The threads for the database's calls.
        metrics: What is counted.
    """

    def __init__(self, crm: Crm, hub: Hub, offload: Offload, metrics: Metrics) -> None:
        self._conversations = crm.conversations
        self._schema = crm.schema
        self._retention = crm.retention
        self._search = crm.search
        self._topics = crm.question_topics
        self._hub = hub
        self._offload = offload
        self._metrics = metrics
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin to look."""
        deeds = (
            (_TEND_SECONDS, self.tend),
            (_SWEEP_SECONDS, self.sweep),
            (_INDEX_SECONDS, self.index),
            (_MONTHS_SECONDS, self.prepare),
            (_KEEP_SECONDS, self.clean),
        )
        self._tasks = [asyncio.create_task(_every(seconds, deed)) for seconds, deed in deeds]  # none waits for another

    async def stop(self) -> None:
        """End."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def tend(self) -> None:
        """Fire the timers that are due, and bring those who wait to people who are free."""
        self._announce(await self._offload.write(self._conversations.fire_timers))
        self._announce(talk.id for talk in await self._offload.write(self._conversations.assign_waiting))

    async def sweep(self) -> None:
        """Ask quiet customers whether they are still there, and close what is over."""
        self._announce(await self._offload.write(self._conversations.nudge_quiet))
        closed = await self._offload.write(self._conversations.close_idle)
        self._announce(closed)
        self._metrics.closed_idle.inc(len(closed))

    async def clean(self) -> None:
        """Delete what nobody needs any more: uploaded files that were never sent."""
        await asyncio.to_thread(self._retention.unsent_files)

    async def index(self) -> None:
        """Take what was said since the last time into the search index, and people's answers for later suggestions."""
        await asyncio.to_thread(self._topics.gather)
        while await asyncio.to_thread(self._search.index):  # mostly reading: the writers' thread is left to others
            await asyncio.sleep(_BREATH_SECONDS)

    async def prepare(self) -> None:
        """Make room for the months to come."""
        await self._offload.write(self._schema.prepare_months)

    def _announce(self, changed: Iterable[str]) -> None:
        for conversation_id in changed:
            self._hub.publish(conversation_topic(conversation_id), CHANGED)
            self._hub.publish(DESK, {**CHANGED, "conversation_id": conversation_id})


async def _every(seconds: float, deed: Callable[[], Awaitable[None]]) -> None:
    while True:
        try:
            await deed()
        except RapportError as error:
            log.warning("sweep_failed", deed=deed.__name__, error=str(error))
        await asyncio.sleep(seconds)
