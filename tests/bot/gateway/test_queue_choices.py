"""The customer in the queue: place, expected wait, and the ways out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_core.crm import Crm
from crm_core.records.conversations import HandoffWish, TurnResult
from crm_core.use_cases import conversation_queue
from tests.bot.gateway.fakes import FakeAssistant, Gateway


@pytest.fixture(autouse=True)
def _asks(assistant: FakeAssistant) -> None:
    assistant.replies = lambda turn: TurnResult([{"text": "A colleague comes."}], handoff=HandoffWish("request"))


async def test_the_place_and_the_expected_wait_are_told(
    gateway: Gateway, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation_queue, "expected_wait", lambda position, _past: timedelta(seconds=100 * position))
    async with gateway.tab() as page:
        await page.write("a person please")
        waiting = await page.next("owner", owner="queue")
        assert (waiting["position"], waiting["wait_minutes"]) == (1, 2)


async def test_no_wait_is_told_where_too_few_have_waited(gateway: Gateway) -> None:
    async with gateway.tab() as page:
        await page.write("a person please")
        assert (await page.next("owner", owner="queue"))["wait_minutes"] is None


async def test_who_leaves_an_address_no_longer_waits(gateway: Gateway, crm: Crm) -> None:
    async with gateway.tab() as page:
        await page.write("a person please")
        await page.next("owner", owner="queue")
        await page.send(type="contact", address="not an address")
        assert (await page.next("error"))["code"] == "contact_invalid"
        assert len(crm.conversations.queue()) == 1
        await page.send(type="contact", address="ada@example.com")
        await page.next("owner", owner="bot")
        if "contact_left" not in [message["body"].get("event") for message in page.messages()]:
            await page.next("message", author="system", body={"event": "contact_left"})
    assert crm.conversations.queue() == []
