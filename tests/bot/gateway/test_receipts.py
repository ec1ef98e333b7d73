"""Seen by whom, and who is typing: told to the other side, and never stuck."""

from __future__ import annotations

import asyncio

import pytest

from bot.gateway import chat
from bot.gateway.push import CHANGED, Event, Subscription, conversation_topic
from bot.gateway.wire import receipt_event
from crm_core.crm import Crm
from tests.bot.gateway.fakes import Gateway


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat, "_TICK_SECONDS", 0.05)


async def heard(events: Subscription, kind: str) -> Event:
    """Wait for an event of a kind."""
    async with asyncio.timeout(5):
        return await anext(event async for event in events if event["type"] == kind)  # type: ignore[arg-type]


async def test_the_agent_learns_what_the_customer_has_seen(gateway: Gateway, crm: Crm) -> None:
    async with gateway.tab() as page:
        await page.write("Hello")
        seq = (await page.said_by_bot("You said: Hello"))["seq"]
        talk = crm.conversations.recent()[0].id
        events = gateway.app.state.services.hub.subscribe(conversation_topic(talk))
        await page.send(type="seen", seq=seq)
        assert await heard(events, "receipt") == receipt_event("customer", seq)
    assert crm.conversations.get(talk).seen_by_customer_seq == seq


async def test_the_customer_learns_what_the_agent_has_seen_also_when_the_push_was_lost(
    gateway: Gateway, crm: Crm
) -> None:
    token = await gateway.token()
    agent, _ = crm.staff.create("ann@shop.test", "Ann", "agent")
    async with gateway.tab(token) as page:
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")
        talk = crm.conversations.recent()[0].id
        hub = gateway.app.state.services.hub
        crm.conversations.take(talk, agent.id)
        crm.conversations.seen_by_agent(talk, agent.id, 1)
        hub.publish(conversation_topic(talk), receipt_event("agent", 1))
        assert (await page.next("receipt", by="agent"))["seq"] == 1
        crm.conversations.seen_by_agent(talk, agent.id, 3)
        hub.publish(conversation_topic(talk), CHANGED)
        assert (await page.next("receipt", by="agent"))["seq"] == 3
    async with gateway.tab(token) as page:
        assert (await page.next("welcome"))["receipts"] == {"agent": 3, "customer": 0}


async def test_a_tab_that_goes_in_the_middle_of_a_word_types_no_more(gateway: Gateway, crm: Crm) -> None:
    async with gateway.tab() as page:
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")
        talk = crm.conversations.recent()[0].id
        events = gateway.app.state.services.hub.subscribe(conversation_topic(talk))
        await page.send(type="typing")
        assert (await heard(events, "typing"))["on"]
    assert not (await heard(events, "typing"))["on"]


async def test_who_empties_the_box_types_no_more(gateway: Gateway, crm: Crm) -> None:
    async with gateway.tab() as page:
        await page.write("Hello")
        await page.said_by_bot("You said: Hello")
        events = gateway.app.state.services.hub.subscribe(conversation_topic(crm.conversations.recent()[0].id))
        await page.send(type="typing")
        await page.send(type="typing", on=False)
        assert [(await heard(events, "typing"))["on"] for _ in range(2)] == [True, False]
