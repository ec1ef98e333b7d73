"""What goes wrong in a run: parts are killed or stop for a while, the database hangs up, Redis goes."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import suppress

from benchmarks.chaos.cluster import Cluster

KILLS, PAUSES, DATABASE_CUTS = "kills", "pauses", "database_cuts"
_LONGEST_PAUSE_SECONDS = 9.0
_AT_ONCE = (1, 1, 1, 2, 3)
_LOOK_SECONDS = 0.5


class Faults:
    """Injects faults and counts them.

    Args:
        cluster: What runs.
        chance: Decides what and when.
        every_seconds: The mean time for which everything serves in between.
    """

    def __init__(self, cluster: Cluster, chance: random.Random, every_seconds: float) -> None:
        self._cluster = cluster
        self._chance = chance
        self._every_seconds = every_seconds
        self._paused: set[int] = set()
        self.counts: Counter[str] = Counter()
        self.by_part: Counter[str] = Counter()

    async def work(self) -> None:
        """Inject faults, let everything serve again, and so on until cancelled; nothing stays paused."""
        try:
            while True:
                await asyncio.sleep(self._chance.uniform(0.0, 2.0) * self._every_seconds)
                for _ in range(self._chance.choice(_AT_ONCE)):
                    await self.one()
                while not await asyncio.to_thread(self._cluster.ready):
                    await asyncio.sleep(_LOOK_SECONDS)
        finally:
            for pid in self._paused:
                _signal(pid, signal.SIGCONT)

    async def one(self) -> None:
        """Inject one fault."""
        parts = await asyncio.to_thread(lambda: self._cluster.parts)
        names = sorted(parts)
        if self._cluster.redis is not None:
            names += ["redis", "database"]
        if not names:
            return
        name = self._chance.choice(names)
        if name == "database":
            await asyncio.to_thread(self._cluster.cut_database)
            self._note(DATABASE_CUTS, name)
        elif self._chance.random() < 0.5:
            await self.kill(name)
        else:
            await self.pause(name, self._chance.uniform(0.3, _LONGEST_PAUSE_SECONDS))

    async def kill(self, name: str) -> None:
        """Kill a part; who keeps it alive starts it again."""
        if name == "redis" and self._cluster.redis is not None:
            await asyncio.to_thread(self._cluster.redis.kill)
        elif pid := (await asyncio.to_thread(lambda: self._cluster.parts)).get(name):
            _signal(pid, signal.SIGKILL)
        else:
            return
        self._note(KILLS, name)

    async def pause(self, name: str, seconds: float) -> None:
        """Stop a part where it is, and let it go on after a while; the next fault may come meanwhile."""
        if name == "redis" and self._cluster.redis is not None and self._cluster.redis.process is not None:
            pid = self._cluster.redis.process.pid
        else:
            pid = (await asyncio.to_thread(lambda: self._cluster.parts)).get(name, 0)
        if not pid or pid in self._paused:
            return
        self._paused.add(pid)
        _signal(pid, signal.SIGSTOP)
        asyncio.get_running_loop().call_later(seconds, self._go_on, pid)
        self._note(PAUSES, name)

    def _go_on(self, pid: int) -> None:
        _signal(pid, signal.SIGCONT)
        self._paused.discard(pid)

    def _note(self, kind: str, name: str) -> None:
        self.counts[kind] += 1
        self.by_part[f"{name} {kind}"] += 1


def _signal(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)
