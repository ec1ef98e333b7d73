"""Live push."""

from __future__ import annotations

import asyncio
import gc

from bot.gateway.push import CHANGED, Hub


async def test_whoever_subscribed_before_hears_of_it() -> None:
    hub = Hub()
    with hub.subscribe("desk") as events:
        hub.publish("desk", {"type": "x"})
        hub.publish("other", {"type": "y"})
        assert await anext(events) == {"type": "x"}


async def test_events_may_come_from_other_threads() -> None:
    hub = Hub()
    with hub.subscribe("desk") as events:
        await asyncio.to_thread(hub.publish, "desk", {"type": "x"})
        assert await asyncio.wait_for(anext(events), 2) == {"type": "x"}


async def test_a_reader_far_behind_is_told_to_read_the_database() -> None:
    hub = Hub()
    with hub.subscribe("desk") as events:
        for number in range(1000):
            hub.publish("desk", {"type": "x", "number": number})
        assert await anext(events) == CHANGED


async def test_closing_releases_the_reader() -> None:
    hub = Hub()
    events = hub.subscribe("desk")
    reading = asyncio.create_task(asyncio.wait_for(_all(events), 2))
    await asyncio.sleep(0)
    events.close()
    assert await reading == []


async def test_a_forgotten_subscription_is_cleaned_up() -> None:
    hub = Hub()
    hub.subscribe("desk")
    gc.collect()
    hub.publish("desk", {"type": "x"})
    assert hub._subscriptions == {}


async def _all(events: object) -> list[object]:
    return [event async for event in events]  # type: ignore[attr-defined]
