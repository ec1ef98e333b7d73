"""Live push between gateways, through a real Redis."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import psutil
import pytest
import redis

from bot.gateway import limits, push
from bot.gateway.app import create_app
from bot.gateway.limits import Limits
from bot.gateway.push import CHANGED, Hub, make_hub
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway


@pytest.fixture
def redis_url(tmp_path: Path) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("no redis-server on this machine")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "--port", str(port), "--save", "", "--dir", str(tmp_path)], stdout=subprocess.DEVNULL
    )
    url = f"redis://127.0.0.1:{port}"
    with redis.Redis.from_url(url) as client:
        while True:
            try:
                client.ping()
                break
            except redis.ConnectionError:
                assert server.poll() is None
    yield url
    server.terminate()
    server.wait()


@asynccontextmanager
async def started(url: str) -> AsyncIterator[Hub]:
    hub = make_hub(url)
    await hub.start()
    try:
        yield hub
    finally:
        await hub.stop()


async def test_what_one_gateway_publishes_the_other_hears_once(redis_url: str) -> None:
    async with started(redis_url) as one, started(redis_url) as other:
        with one.subscribe("desk") as here, other.subscribe("desk") as there:
            assert await asyncio.wait_for(anext(here), 5) == CHANGED  # connected: whoever listens reads once
            assert await asyncio.wait_for(anext(there), 5) == CHANGED
            one.publish("desk", {"type": "x"})
            one.publish("desk", {"type": "y"})
            assert [(await asyncio.wait_for(anext(there), 5))["type"] for _ in range(2)] == ["x", "y"]
            assert [(await anext(here))["type"] for _ in range(2)] == ["x", "y"]
            await asyncio.sleep(0.1)
            assert not here._events
            assert not there._events


async def test_a_customer_and_the_answer_may_be_at_different_gateways(
    redis_url: str, settings: Settings, crm: Crm, assistant: FakeAssistant
) -> None:
    shared = settings.model_copy(update={"redis_url": redis_url})
    one, other = (create_app(shared, crm=crm, assistant=assistant, pages=False) for _ in range(2))
    async with (
        one.router.lifespan_context(one),
        other.router.lifespan_context(other),
        httpx.AsyncClient(transport=httpx.ASGITransport(one), base_url="http://gateway") as client,
    ):
        near = Gateway(one, client)
        token = await near.token()
        async with near.tab(token) as here, Gateway(other, client).tab(token) as there:
            await there.next("welcome")
            await here.write("Hello")
            await there.said_by_bot("You said: Hello")
            await there.write("From there")
            await here.said_by_bot("You said: From there")
    assert assistant.texts == ["Hello", "From there"]


async def test_without_redis_customers_are_served_all_the_same(
    settings: Settings, crm: Crm, assistant: FakeAssistant
) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    app = create_app(away, crm=crm, assistant=assistant, pages=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client,
        Gateway(app, client).tab() as page,
    ):
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")


def _stopped(url: str) -> psutil.Process:
    """Give the process of a test's own Redis server."""
    with redis.Redis.from_url(url) as client:
        return psutil.Process(client.info("server")["process_id"])


async def test_what_could_not_be_sent_on_makes_the_others_look_again(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(push, "_RECONNECT_SECONDS", 0.05)
    async with started(redis_url) as one, started(redis_url) as other:
        with other.subscribe("desk") as there:
            assert await asyncio.wait_for(anext(there), 5) == CHANGED
            with monkeypatch.context() as broken:

                async def away(*_: object) -> None:
                    raise redis.ConnectionError("away")

                broken.setattr(one._redis, "publish", away)
                one.publish("desk", {"type": "x"})
                await asyncio.sleep(0.1)
            assert await asyncio.wait_for(anext(there), 5) == CHANGED


async def test_a_redis_that_hangs_is_away_and_everyone_looks_when_it_is_back(
    redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, seconds in {"_RECONNECT_SECONDS": 0.05, "_ANSWER_SECONDS": 0.1, "_LISTEN_SECONDS": 0.1}.items():
        monkeypatch.setattr(push, name, seconds)
    server = _stopped(redis_url)
    async with started(redis_url) as one, started(redis_url) as other:
        with other.subscribe("desk") as there:
            assert await asyncio.wait_for(anext(there), 5) == CHANGED
            server.suspend()
            try:
                one.publish("desk", {"type": "lost"})
                await asyncio.sleep(0.5)
            finally:
                server.resume()
            seen = [await asyncio.wait_for(anext(there), 5)]
            while CHANGED not in seen:
                seen.append(await asyncio.wait_for(anext(there), 5))
            one.publish("desk", {"type": "after"})
            while seen[-1]["type"] != "after":
                seen.append(await asyncio.wait_for(anext(there), 5))


async def test_nobody_waits_twice_for_limits_that_redis_does_not_count(
    redis_url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_ANSWER_SECONDS", 0.1)
    counted = Limits(settings.model_copy(update={"redis_url": redis_url}))
    server = _stopped(redis_url)
    server.suspend()
    try:
        async with asyncio.timeout(2):
            for _ in range(20):
                await counted.message("web", "visitor", "10.0.0.1")
    finally:
        server.resume()
