"""One run: customers write, staff take over, faults happen; then everything is let settle and is judged."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from benchmarks.chaos.checker import Verdict, check
from benchmarks.chaos.cluster import Cluster
from benchmarks.chaos.faults import Faults
from benchmarks.chaos.journal import Journal
from benchmarks.chaos.log import apologies, read_log, unsettled
from benchmarks.chaos.rest_client import RestClient
from benchmarks.chaos.staff import Staff
from benchmarks.chaos.web_client import WebClient
from bot.gateway.push import make_hub
from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable

SENTENCES: dict[str, list[str]] = yaml.safe_load((Path(__file__).parent / "sentences.yml").read_text("utf-8"))
_SETTLE_SECONDS = 180
_WEB_SHARE = 0.75
_CUT, _HALF_OPEN, _AGAIN = 0.04, 0.02, 0.03  # by message
_PERSON, _GOODBYE = 0.02, 0.01
_ANSWER_SECONDS = 15.0
_UNCONFIRMED = 3  # whoever sees so many bubbles "sending …" waits


@dataclass(frozen=True)
class Result:
    """What a run came to.

    Attributes:
        figures: For the JSON line.
        verdict: The findings.
        faults: How often which part was hit.
    """

    figures: dict[str, Any]
    verdict: Verdict
    faults: dict[str, int]


class Run:
    """Customers, staff and faults on one cluster.

    Args:
        cluster: What runs.
        messages: How many all customers write together.
        conversations: How many customers there are.
        seed: Decides everything that is left to chance.
        faults: What goes wrong; none: the usual mix.
    """

    def __init__(
        self, cluster: Cluster, messages: int, conversations: int, seed: int, faults: Faults | None = None
    ) -> None:
        self._cluster = cluster
        self._chance = random.Random(seed)
        self._crm = Crm(cluster.settings)
        self.faults = faults or Faults(cluster, random.Random(seed + 1), every_seconds=3)
        self._each = [messages // conversations + (place < messages % conversations) for place in range(conversations)]
        web = max(1, round(conversations * _WEB_SHARE))
        self._web = [WebClient(cluster.gateways, self._own_chance()) for _ in range(web)]
        self._http = httpx.AsyncClient(timeout=60, limits=httpx.Limits(max_connections=None), trust_env=False)
        self._rest = [RestClient(cluster.gateways, self._own_chance(), self._http) for _ in range(conversations - web)]

    def _own_chance(self) -> random.Random:
        return random.Random(self._chance.getrandbits(64))

    @property
    def journals(self) -> list[Journal]:
        """What every customer wrote and saw."""
        return [client.journal for client in (*self._web, *self._rest)]

    @property
    def _parties(self) -> list[tuple[str, str]]:
        return [(journal.channel, journal.party) for journal in self.journals]

    async def go(self) -> Result:
        """Run it all and judge it."""
        started = time.monotonic()
        hub = make_hub(self._cluster.settings.redis_url)
        await hub.start()
        staff = Staff(self._crm, hub, self._own_chance(), SENTENCES["agent"])
        try:
            async with asyncio.TaskGroup() as group:
                work = [group.create_task(staff.work()), group.create_task(self.faults.work())]
                watch = group.create_task(self._watch(started))
                await self._converse()
                for task in work:
                    task.cancel()
                await asyncio.to_thread(self._cluster.wait)
                await self._settle(staff)
                watch.cancel()
        finally:
            for client in self._web:
                await client.stop()
            await hub.stop()
            await self._http.aclose()
        log = await asyncio.to_thread(read_log, self._crm, self._parties)
        apologised = await asyncio.to_thread(apologies, self._crm)
        self._crm.close()
        verdict = check(self.journals, staff.journal, log)
        figures = {
            "messages": sum(len(journal.written) for journal in self.journals),
            "kills": self.faults.counts["kills"],
            "pauses": self.faults.counts["pauses"],
            "cuts": sum(journal.cuts for journal in self.journals),
            "resends": sum(journal.resends for journal in self.journals),
            **verdict.counts,
            "conversations": len(log),
            "lines": sum(len(conversation.lines) for conversation in log),
            "database_cuts": self.faults.counts["database_cuts"],
            "apologies": apologised,
            "taken_by_staff": staff.journal.taken,
            "seconds": round(time.monotonic() - started),
        }
        return Result(figures, verdict, dict(sorted(self.faults.by_part.items())))

    async def _converse(self) -> None:
        each = iter(self._each)
        async with asyncio.TaskGroup() as group:
            for web in self._web:
                group.create_task(self._talk_in_browser(web, next(each)))
            for program in self._rest:
                group.create_task(self._talk_by_program(program, next(each)))

    async def _talk_in_browser(self, client: WebClient, count: int) -> None:
        chance = self._own_chance()
        await client.start()
        while count:
            burst = min(count, chance.choice((1, 1, 1, 2, 3)))
            last = ""
            for _ in range(burst):
                last = client.write(_sentence(chance))
                if chance.random() < _CUT:
                    client.cut(half_open=False)
                elif chance.random() < _HALF_OPEN:
                    client.cut(half_open=True)
                elif chance.random() < _AGAIN:
                    await client.again()
            count -= burst
            await self._wait_for_answer(client, last)
            while client.waiting > _UNCONFIRMED:
                await client.news(1.0)
            await asyncio.sleep(chance.uniform(0.0, 0.5))

    async def _wait_for_answer(self, client: WebClient, message_id: str) -> None:
        """Wait as a customer does: not for ever, and only a moment for a person."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while not client.answered(message_id):
            patience = _ANSWER_SECONDS if client.owner == "bot" else 1.0
            left = began + patience - loop.time()
            if left <= 0:
                return
            await client.news(left)

    async def _talk_by_program(self, client: RestClient, count: int) -> None:
        chance = self._own_chance()
        for _ in range(count):
            await client.say(_sentence(chance), cut=chance.random() < _CUT)
            await asyncio.sleep(chance.uniform(0.0, 0.5))

    async def _settle(self, staff: Staff) -> None:
        """Let everything come to rest, then let every customer look once more."""
        deadline = time.monotonic() + _SETTLE_SECONDS
        await staff.finish()
        while time.monotonic() < deadline:
            with suppress(StorageUnavailable):
                waiting = await asyncio.to_thread(unsettled, self._crm, self._parties)
                if not waiting and not any(client.waiting for client in self._web):
                    break
            await staff.finish()
            await asyncio.sleep(0.5)
        for client in self._rest:
            await client.say(SENTENCES["ordinary"][0])
        for client in self._web:
            client.cut(half_open=False)
        await asyncio.sleep(3)
        while any([await self._is_behind(client) for client in self._web]) and time.monotonic() < deadline:
            await asyncio.sleep(0.5)

    async def _is_behind(self, client: WebClient) -> bool:
        conversation_id, cursor = client.newest
        if conversation_id is None:
            return False
        conversation = await asyncio.to_thread(self._crm.conversations.get, conversation_id)
        return conversation.last_seq > cursor

    async def _watch(self, started: float) -> None:
        wanted = sum(self._each)
        while True:
            await asyncio.sleep(5)
            written = sum(len(journal.written) for journal in self.journals)
            confirmed = sum(len(journal.confirmed) for journal in self.journals)
            faults = ", ".join(f"{count} {kind}" for kind, count in self.faults.counts.items())
            cuts, resends = (sum(getattr(journal, name) for journal in self.journals) for name in ("cuts", "resends"))
            print(
                f"{time.monotonic() - started:5.0f} s  {written}/{wanted} written, {confirmed} confirmed"
                f"  {faults or 'no fault yet'}, {cuts} cuts, {resends} resends",
                flush=True,
            )


def _sentence(chance: random.Random) -> str:
    draw = chance.random()
    kind = "person" if draw < _PERSON else "goodbye" if draw < _PERSON + _GOODBYE else "ordinary"
    return chance.choice(SENTENCES[kind])
