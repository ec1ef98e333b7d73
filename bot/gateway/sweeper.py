"""Once a minute, conversations in which nobody has written for long are closed."""

from __future__ import annotations

import asyncio

import structlog

from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from crm_core.crm import Crm
from crm_core.errors import RapportError

log = structlog.get_logger(__name__)

_PAUSE_SECONDS = 60.0


class Sweeper:
    """Closes idle conversations; several gateways may do it at once.

    Args:
        crm: The database's use cases.
        hub: Where it is announced.
        offload: The threads for the database's calls.
        metrics: What is counted.
    """

    def __init__(self, crm: Crm, hub: Hub, offload: Offload, metrics: Metrics) -> None:
        self._conversations = crm.conversations
        self._hub = hub
        self._offload = offload
        self._metrics = metrics
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to sweep."""
        self._task = asyncio.create_task(self._sweep_on())

    async def stop(self) -> None:
        """End."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sweep(self) -> None:
        """Close what is idle now."""
        closed = await self._offload.write(self._conversations.close_idle)
        for conversation_id in closed:
            self._hub.publish(conversation_topic(conversation_id), CHANGED)
        if closed:
            self._hub.publish(DESK, CHANGED)
            self._metrics.closed_idle.inc(len(closed))

    async def _sweep_on(self) -> None:
        while True:
            try:
                await self.sweep()
            except RapportError as error:
                log.warning("sweep_failed", error=str(error))
            await asyncio.sleep(_PAUSE_SECONDS)
