"""The agents' desk at scale: many open desks and many open conversations on one gateway.

uv run python -m benchmarks.desk [--quick]

A desk is opened as a browser does it (the page, then its live line), without drawing. Two figures: how long until the
lists of a freshly opened desk are there, and how long from a customer's message (the beginning of its request) until
its words have reached the desk of the agent who has the conversation. Both while customers write elsewhere.
"""

from __future__ import annotations

import argparse
import ast
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import httpx
import socketio  # type: ignore[import-untyped]

from benchmarks.product import ROOT, answers, free_port
from crm_core.crm import Crm
from crm_core.records.conversations import TurnResult
from crm_core.settings import Settings

_PASSWORD = "a long password"
_QUERY = re.compile(r"query: (\{.*?\}),\s*extraHeaders", re.DOTALL)
_WAITING_SHARE = 0.05
_OF_EACH_AGENT = 4
_PROBES = 100
_BACKGROUND_PER_SECOND = 10


@dataclass
class Sizes:
    """How much of everything."""

    agents: int
    conversations: int


@dataclass
class Filled:
    """What the database was filled with."""

    emails: list[str]
    mine: dict[str, list[str]] = field(default_factory=dict)  # e-mail → senders of the agent's conversations
    ids: dict[str, str] = field(default_factory=dict)  # sender → conversation


def fill(settings: Settings, sizes: Sizes) -> Filled:
    """Make agents and open conversations: a few wait, each agent has some, the rest is the bot's."""
    crm = Crm(settings)
    crm.migrate()
    filled = Filled([f"agent{number}@example.com" for number in range(sizes.agents)])
    agents = []
    for number, email in enumerate(filled.emails):
        agents.append(crm.staff.create(email, f"Agent {number}", "agent", _PASSWORD)[0].id)
        filled.mine[email] = []
    for number in range(sizes.conversations):
        sender = f"sender-{number}"
        talk = crm.conversations.open("rest", sender, language=random.choice(["en", "zh"]))
        crm.conversations.accept(talk.id, {"text": f"customer {number} has a question about an order"})
        filled.ids[sender] = talk.id
        owner = number % sizes.agents
        if number < sizes.agents * _OF_EACH_AGENT:
            crm.conversations.take(talk.id, agents[owner])
            crm.conversations.say(talk.id, agents[owner], "I am looking into it.")
            filled.mine[filled.emails[owner]].append(sender)
        elif number < sizes.agents * _OF_EACH_AGENT + sizes.conversations * _WAITING_SHARE:
            crm.conversations.request_handoff(talk.id, "request", requested_by="customer")
        else:
            turn = crm.conversations.next_turn(talk.id, "benchmark", lease_seconds=60)
            assert turn is not None
            crm.conversations.finish_turn(turn, TurnResult([{"text": "Which order is it about?"}]))
        if number % 500 == 0:
            print(f"  {number} of {sizes.conversations} conversations", flush=True)
    crm.close()
    return filled


class Desk:
    """One open desk.

    Args:
        address: The gateway.
        cookies: Of the signed-in agent.
    """

    def __init__(self, address: str, cookies: str) -> None:
        self._address = address
        self._cookies = cookies
        self._line = socketio.AsyncClient(reconnection=False, request_timeout=60)
        self._awaited: dict[str, asyncio.Future[float]] = {}
        self.page_at = self.line_at = 0.0
        self._line.on("update", self._update)

    def comes(self, words: str) -> asyncio.Future[float]:
        """Give the moment at which some words reach this desk."""
        future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._awaited[words] = future
        return future

    async def open(self, client: httpx.AsyncClient, conversation_id: str | None) -> None:
        """Get the page and open its live line; note when each was there."""
        path = "/desk" + (f"?c={conversation_id}" if conversation_id else "")
        page = await client.get(self._address + path, headers={"Cookie": self._cookies})
        page.raise_for_status()
        self.page_at = time.perf_counter()
        found = _QUERY.search(page.text)
        assert found, "the page has no live line"
        query = {
            **ast.literal_eval(unescape(found[1])),
            "tab_id": str(uuid4()),
            "document_id": str(uuid4()),
        }
        query = {name: json.dumps(value) if isinstance(value, bool) else value for name, value in query.items()}
        await self._line.connect(
            f"{self._address}?{urlencode(query)}",
            headers={"Cookie": self._cookies},
            transports=["websocket"],
            socketio_path="/_nicegui_ws/socket.io",
        )
        self.line_at = time.perf_counter()

    async def close(self) -> None:
        """Close the live line."""
        await self._line.disconnect()

    async def _update(self, elements: Any) -> None:
        if not self._awaited:
            return
        said = json.dumps(elements, ensure_ascii=False)
        for words in [words for words in self._awaited if words in said]:
            future = self._awaited.pop(words)
            if not future.done():
                future.set_result(time.perf_counter())


async def sign_in(client: httpx.AsyncClient, address: str, email: str) -> str:
    """Sign an agent in and give the cookies."""
    answer = await client.post(f"{address}/sign-in", data={"email": email, "password": _PASSWORD})
    assert answer.status_code == httpx.codes.SEE_OTHER, answer.text[:200]
    return "; ".join(f"{name}={value}" for name, value in answer.cookies.items())


async def says(client: httpx.AsyncClient, address: str, sender: str, words: str) -> None:
    """Write as a customer."""
    answer = await client.post(f"{address}/webhooks/rest/webhook", json={"sender": sender, "message": words})
    answer.raise_for_status()


async def chatter(client: httpx.AsyncClient, address: str, senders: list[str]) -> None:
    """Let customers write in conversations that people have, until cancelled."""
    number = 0
    async with asyncio.TaskGroup() as writing:
        while True:
            number += 1
            sender = random.choice(senders)
            writing.create_task(says(client, address, sender, f"background {number}"))
            await asyncio.sleep(1 / _BACKGROUND_PER_SECOND)


async def measure(address: str, filled: Filled) -> dict[str, float]:
    """Open all desks, then measure."""
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(limits=limits, timeout=60, trust_env=False) as client:
        desks: dict[str, Desk] = {}
        for email in filled.emails:
            desks[email] = Desk(address, await sign_in(client, address, email))
            shown = filled.mine[email][0]
            await desks[email].open(client, filled.ids[shown])
            if len(desks) % 20 == 0:
                print(f"  {len(desks)} of {len(filled.emails)} desks are open", flush=True)
        await asyncio.sleep(5)
        busy = [sender for senders in filled.mine.values() for sender in senders[1:]]
        background = asyncio.create_task(chatter(client, address, busy))
        try:
            arrivals = await arrival_times(client, address, desks, filled)
            openings, pages, lines = zip(*await opening_times(client, address, desks, filled), strict=True)
        finally:
            background.cancel()
            await asyncio.gather(background, return_exceptions=True)
        for desk in desks.values():
            await desk.close()
    return {
        "message_p50_ms": statistics.median(arrivals),
        "message_p95_ms": statistics.quantiles(arrivals, n=20)[-1],
        "list_p50_ms": statistics.median(openings),
        "list_p95_ms": statistics.quantiles(openings, n=20)[-1],
        "page_p50_ms": statistics.median(pages),
        "line_p50_ms": statistics.median(lines),
    }


async def arrival_times(client: httpx.AsyncClient, address: str, desks: dict[str, Desk], filled: Filled) -> list[float]:
    """Measure from a customer's message to the agent's desk, in ms."""
    times = []
    for number in range(_PROBES):
        email = filled.emails[number % len(filled.emails)]
        words = f"probe {uuid4()}"
        arrives, started = desks[email].comes(words), time.perf_counter()
        await says(client, address, filled.mine[email][0], words)
        times.append(1000 * (await asyncio.wait_for(arrives, 30) - started))
        await asyncio.sleep(0.05)
    return times


async def opening_times(
    client: httpx.AsyncClient, address: str, desks: dict[str, Desk], filled: Filled
) -> list[tuple[float, float, float]]:
    """Measure from asking for the page to its lists, to the page itself and to its live line, in ms."""
    times = []
    for number in range(_PROBES):
        email = filled.emails[number % len(filled.emails)]
        fresh = Desk(address, desks[email]._cookies)
        arrives, started = fresh.comes("item-preview"), time.perf_counter()
        await fresh.open(client, None)
        lists_at = await asyncio.wait_for(arrives, 30)
        times.append(tuple(1000 * (at - started) for at in (lists_at, fresh.page_at, fresh.line_at)))
        await fresh.close()
    return times


def main() -> None:
    """Fill a database, start a gateway on it, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="40 desks and 1,000 conversations")
    sizes = Sizes(40, 1_000) if parser.parse_args().quick else Sizes(200, 5_000)
    with tempfile.TemporaryDirectory() as folder:
        filled = fill(Settings.load(home=Path(folder)), sizes)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        settings = {"home": folder, "port": str(port), "sign_ins_per_minute": "100000", "messages_per_minute": "100000"}
        environment = {f"RAPPORT_{name.upper()}": value for name, value in {**settings, "demo": "false"}.items()}
        gateway = subprocess.Popen(
            [sys.executable, "-m", "bot.gateway"],
            cwd=ROOT,
            env={**os.environ, **environment, "RAPPORT_LOG_LEVEL": "ERROR"},
        )
        try:
            while not answers(f"{address}/healthz"):
                time.sleep(0.2)
            figures = asyncio.run(measure(address, filled))
        finally:
            gateway.terminate()
            gateway.wait(30)
    print(f"\n{sizes.agents} desks, {sizes.conversations:,} open conversations, one gateway")
    for name, value in figures.items():
        print(f"  {name:<16}{value:8.1f}")
    print(json.dumps({"agents": sizes.agents, "conversations": sizes.conversations, **figures}))


if __name__ == "__main__":
    main()
