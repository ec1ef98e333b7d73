"""What a tab is sent, when several things happen to it at once."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI

from bot.gateway.feed import Feed
from bot.gateway.push import Event
from crm_core.crm import Crm
from tests.bot.gateway.fakes import Gateway


async def test_two_looks_at_once_send_each_message_once_and_in_order(
    gateway: Gateway, app: FastAPI, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Event] = []

    async def send(event: Event) -> None:
        sent.append(event)

    async def slowly(agent_id: str | None) -> str | None:
        await asyncio.sleep(0.05 if agent_id else 0)
        return agent_id and "Ann"

    monkeypatch.setattr(app.state.services.names, "of", slowly)
    conversation = crm.conversations.open("web", "visitor-1")
    agent, _ = crm.staff.create("ann@shop.test", "Ann", "agent")
    crm.conversations.take(conversation.id, agent.id)
    crm.conversations.say(conversation.id, agent.id, "One moment.")
    crm.conversations.accept(conversation.id, {"text": "Thanks"})
    feed = Feed(app.state.services, "visitor-1", send)
    await feed.enter(conversation)
    await asyncio.gather(feed.catch_up(), feed.catch_up())
    assert [event["seq"] for event in sent if event["type"] == "message"] == [1, 2, 3]


async def test_the_customer_is_sent_everything_but_the_notes_of_staff(gateway: Gateway, crm: Crm) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as page:
        await page.write("My lamp is broken")
        await page.said_by_bot("You said: My lamp is broken")
        talk = crm.conversations.recent()[0]
        agent, _ = crm.staff.create("ann@shop.test", "Ann", "agent")
        crm.conversations.take(talk.id, agent.id)
        crm.notes.add(talk.id, "a difficult one, @Ann", actor=crm.staff.actor(agent))
        crm.conversations.say(talk.id, agent.id, "One moment.")
    async with gateway.tab(token) as again:
        await again.next("message", author="agent")
        assert [event["author"] for event in again.messages()] == ["customer", "bot", "system", "agent"]
        assert "difficult" not in repr(again.events)
