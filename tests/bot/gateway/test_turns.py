"""Turns when parts fail: nothing is lost, nothing is said twice, the customer is told."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.gateway import turns
from bot.gateway.assistant import Assistant
from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import CHANGED, Event, Hub, Subscription, conversation_topic
from bot.gateway.turns import PERSON_PAYLOAD, Answers, TurnRunner
from crm_core.crm import Crm
from crm_core.errors import StorageUnavailable
from crm_core.records.conversations import Author, Owner, PendingTurn, TurnResult
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway
from tests.conftest import FakeClock

ECHO = """
import json, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Echo(BaseHTTPRequestHandler):
    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        print("asked", flush=True)
        time.sleep(float(sys.argv[2]))
        replies = [{"text": "You said: " + asked["text"]}]
        answer = json.dumps({"message_id": asked["message_id"], "replies": replies}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

server = HTTPServer(("127.0.0.1", int(sys.argv[1])), Echo)
print("ready", flush=True)
server.serve_forever()
"""  # an assistant in a process of its own: its port, and how long it thinks


@asynccontextmanager
async def thinking(port: int, seconds: float) -> AsyncIterator[asyncio.StreamReader]:
    """A process that answers on a port and tells when it is asked; killed, not asked to end."""
    arguments = (sys.executable, "-c", ECHO, str(port), str(seconds))
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    try:
        assert process.stdout is not None
        assert await asyncio.wait_for(process.stdout.readline(), 30) == b"ready\n"
        yield process.stdout
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def running(crm: Crm, assistant: Answers, settings: Settings) -> AsyncIterator[TurnRunner]:
    """A gateway's turn runner alone."""
    offload = Offload(one_writer=True)
    runner = TurnRunner(crm, assistant, Hub(), offload, settings, Metrics())
    try:
        yield runner
    finally:
        await runner.stop()
        offload.close()


async def until_said(crm: Crm, conversation_id: str, count: int) -> list[str]:
    """Wait until the bot has said so much, and give it."""
    async with asyncio.timeout(5):
        while True:
            messages = await asyncio.to_thread(crm.conversations.messages, conversation_id)
            said = [message.body["text"] for message in messages if message.author is Author.BOT]
            if len(said) >= count:
                return said
            await asyncio.sleep(0.02)


async def until_heard(assistant: FakeAssistant, count: int) -> None:
    async with asyncio.timeout(5):
        while len(assistant.heard) < count:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.05)  # what follows from it is on disk


async def test_what_waited_while_the_gateway_was_down_is_answered_at_its_start(
    crm: Crm, assistant: FakeAssistant, settings: Settings
) -> None:
    conversation = crm.conversations.open("web", "v1")
    for text in ("one", "two"):
        crm.conversations.accept(conversation.id, {"text": text})
    async with running(crm, assistant, settings) as runner:
        runner.start()
        assert await until_said(crm, conversation.id, 2) == ["You said: one", "You said: two"]


async def test_a_turn_that_died_with_its_gateway_is_taken_up_once_its_lease_has_lapsed(
    crm: Crm, assistant: FakeAssistant, settings: Settings, clock: FakeClock
) -> None:
    conversation = crm.conversations.open("web", "v1")
    crm.conversations.accept(conversation.id, {"text": "one"})
    assert crm.conversations.next_turn(conversation.id, "dead gateway", lease_seconds=30)
    async with running(crm, assistant, settings) as runner:
        runner.start()
        await asyncio.sleep(0.1)
        assert assistant.heard == []
        clock.advance(seconds=31)
        assert await until_said(crm, conversation.id, 1) == ["You said: one"]


async def test_two_gateways_give_one_answer(crm: Crm, assistant: FakeAssistant, settings: Settings) -> None:
    conversation = crm.conversations.open("web", "v1")
    for number in range(5):
        crm.conversations.accept(conversation.id, {"text": str(number)})
    async with running(crm, assistant, settings) as one, running(crm, assistant, settings) as other:
        for runner in (one, other, one, other):
            runner.wake(conversation.id)
        said = await until_said(crm, conversation.id, 5)
        await asyncio.sleep(0.1)
    assert said == [f"You said: {number}" for number in range(5)]
    assert len(assistant.heard) == 5


async def test_while_the_assistant_is_away_the_message_waits_and_is_tried_again(
    crm: Crm, assistant: FakeAssistant, settings: Settings, clock: FakeClock
) -> None:
    conversation = crm.conversations.open("web", "v1")
    crm.conversations.accept(conversation.id, {"text": "one"})
    assistant.away = True
    async with running(crm, assistant, settings) as runner:
        runner.wake(conversation.id)
        await until_heard(assistant, 1)
        assert crm.conversations.waiting() == []
        assistant.away = False
        clock.advance(seconds=1.1)
        assert crm.conversations.waiting() == [conversation.id]
        runner.wake(conversation.id)
        assert await until_said(crm, conversation.id, 1) == ["You said: one"]


async def test_an_assistant_killed_in_mid_turn_costs_no_message_no_order_and_no_second_answer(
    crm: Crm, settings: Settings, clock: FakeClock
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    patient = settings.model_copy(update={"assistant_url": f"http://127.0.0.1:{port}", "turn_attempts": 9})
    conversation = crm.conversations.open("web", "v1")
    assistant = Assistant(patient)
    async with running(crm, assistant, patient) as runner:
        async with thinking(port, 60) as told:
            crm.conversations.accept(conversation.id, {"text": "one"})
            runner.wake(conversation.id)
            assert await asyncio.wait_for(told.readline(), 5) == b"asked\n"
            crm.conversations.accept(conversation.id, {"text": "two"})
        async with thinking(port, 0):
            clock.advance(minutes=1)
            runner.start()
            assert await until_said(crm, conversation.id, 2) == ["You said: one", "You said: two"]
    await assistant.close()


async def test_after_the_last_try_the_customer_gets_an_apology_and_may_ask_for_a_person(
    crm: Crm, assistant: FakeAssistant, settings: Settings, clock: FakeClock
) -> None:
    conversation = crm.conversations.open("web", "v1", language="zh")
    crm.conversations.accept(conversation.id, {"text": "我的订单呢？"})
    assistant.away = True
    async with running(crm, assistant, settings) as runner:
        for tries in range(1, settings.turn_attempts + 1):
            runner.wake(conversation.id)
            await until_heard(assistant, tries)
            clock.advance(seconds=60)
        assert "抱歉" in (await until_said(crm, conversation.id, 1))[0]
        assert crm.conversations.turns(conversation.id)[0].failed
        assert crm.conversations.was_offered(conversation.id, PERSON_PAYLOAD)
        crm.conversations.accept(conversation.id, {"text": "转人工客服", "payload": PERSON_PAYLOAD})
        runner.wake(conversation.id)
        await until_said(crm, conversation.id, 2)
    assert crm.conversations.get(conversation.id).owner is Owner.QUEUE


async def test_an_answer_that_could_not_be_kept_is_kept_when_the_database_is_back(
    crm: Crm, assistant: FakeAssistant, settings: Settings
) -> None:
    conversation = crm.conversations.open("web", "v1")
    crm.conversations.accept(conversation.id, {"text": "one"})
    finish, failures = crm.conversations.finish_turn, [StorageUnavailable("disk full")]

    def full_once(turn: PendingTurn, result: TurnResult) -> object:
        if failures:
            raise failures.pop()
        return finish(turn, result)

    crm.conversations.finish_turn = full_once  # type: ignore[assignment, method-assign]
    async with running(crm, assistant, settings) as runner:
        runner.wake(conversation.id)
        assert await until_said(crm, conversation.id, 1) == ["You said: one"]
    assert len(assistant.heard) == 1


async def test_an_answer_that_can_never_be_kept_ends_in_an_apology(
    crm: Crm, assistant: FakeAssistant, settings: Settings, clock: FakeClock
) -> None:
    conversation = crm.conversations.open("web", "v1", language="en")
    crm.conversations.accept(conversation.id, {"text": "one"})
    finish = crm.conversations.finish_turn

    def only_apologies(turn: PendingTurn, result: TurnResult) -> object:
        if not result.failed:
            raise ValueError("this answer cannot be written")
        return finish(turn, result)

    crm.conversations.finish_turn = only_apologies  # type: ignore[assignment, method-assign]
    async with running(crm, assistant, settings) as runner:
        for tries in range(1, settings.turn_attempts + 1):
            runner.wake(conversation.id)
            await until_heard(assistant, tries)
            clock.advance(seconds=60)
        runner.wake(conversation.id)
        assert len(await until_said(crm, conversation.id, 1)) == 1
    assert len(assistant.heard) == settings.turn_attempts
    assert crm.conversations.turns(conversation.id)[0].failed
    assert crm.conversations.waiting() == []


async def test_a_tab_that_closes_does_not_stop_the_turn(gateway: Gateway, assistant: FakeAssistant, crm: Crm) -> None:
    token = await gateway.token()
    async with gateway.tab(token) as page:
        await page.write("one")
        await page.next("accepted")
    async with gateway.tab(token) as page:
        await page.said_by_bot("You said: one")


async def test_a_full_disk_is_told_to_the_sender_and_nothing_half_is_kept(gateway: Gateway, crm: Crm) -> None:
    def full(*_: object, **__: object) -> object:
        raise StorageUnavailable("sqlite database: database or disk is full")

    async with gateway.tab() as page:
        await page.next("welcome")
        accept, crm.conversations.accept = crm.conversations.accept, full  # type: ignore[assignment, method-assign]
        await page.write("one", id="m1")
        refused = await page.next("refused")
        assert refused["code"] == "unavailable"
        assert "sqlite" not in refused["message"]
        crm.conversations.accept = accept  # type: ignore[method-assign]
        await page.write("one", id="m1")
        await page.said_by_bot("You said: one")


async def test_a_turn_that_takes_long_keeps_its_lease_and_is_run_once(
    crm: Crm, assistant: FakeAssistant, settings: Settings, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_RENEW_SECONDS", 0.02)
    monkeypatch.setattr(turns, "_LOOK_SECONDS", 0.02)
    assistant.pauses["slow"] = 0.2
    conversation = crm.conversations.open("web", "v1")
    crm.conversations.accept(conversation.id, {"text": "slow"})
    async with running(crm, assistant, settings) as one, running(crm, assistant, settings) as other:
        one.start()
        await until_heard(assistant, 1)
        other.start()
        for _ in range(4):
            clock.advance(seconds=4)  # longer than a lease, in steps shorter than one
            await asyncio.sleep(0.03)
        assert await until_said(crm, conversation.id, 1) == ["You said: slow"]
    assert len(assistant.heard) == 1


async def test_readers_look_again_when_an_answer_turns_out_to_be_kept_already(
    crm: Crm, assistant: FakeAssistant, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "_KEEP_PAUSE_SECONDS", 0.01)
    keep = crm.conversations.finish_turn

    def kept_but_not_told(turn: PendingTurn, result: TurnResult) -> object:
        keep(turn, result)
        raise StorageUnavailable("the line broke after the commit")

    monkeypatch.setattr(crm.conversations, "finish_turn", kept_but_not_told)
    conversation = crm.conversations.open("web", "v1")
    crm.conversations.accept(conversation.id, {"text": "one"})
    async with running(crm, assistant, settings) as runner:
        with runner._hub.subscribe(conversation_topic(conversation.id)) as events:
            runner.wake(conversation.id)
            async with asyncio.timeout(5):
                assert [event async for event in _until_changed(events)][-1] == CHANGED
    assert await until_said(crm, conversation.id, 1) == ["You said: one"]


async def _until_changed(events: Subscription) -> AsyncIterator[Event]:
    async for event in events:
        yield event
        if event == CHANGED:
            return
