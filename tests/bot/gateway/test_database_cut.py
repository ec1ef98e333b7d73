"""PostgreSQL hangs up in the middle of everything: senders try again, and the log is as if nothing had happened."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.gateway import turns
from bot.gateway.app import create_app
from crm_core.crm import Crm
from crm_core.records.conversations import Author
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant
from tests.conftest import FakeClock


class Lines:
    """The connections of one database handle, to be cut by the server."""

    def __init__(self, crm: Crm, server: sa.Engine) -> None:
        self._server = server
        self._pids: set[int] = set()
        sa.event.listen(crm.database.engine, "connect", self._note)
        crm.database.engine.dispose()  # those that were open before

    def _note(self, connection: Any, _: object) -> None:
        self._pids.add(connection.info.backend_pid)

    def cut(self) -> None:
        with self._server.connect() as connection:
            for pid in tuple(self._pids):
                connection.execute(sa.select(sa.func.pg_terminate_backend(pid)))
        self._pids.clear()


@pytest.mark.parametrize("any_crm", ["postgresql"], indirect=True)
async def test_cut_lines_to_the_database_cost_no_message_no_order_and_no_second_answer(
    any_crm: Crm,
    settings: Settings,
    assistant: FakeAssistant,
    clock: FakeClock,
    postgres_server: sa.Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(turns, "_LOOK_SECONDS", 0.05)
    monkeypatch.setattr(turns, "_KEEP_PAUSE_SECONDS", 0.05)
    lines = Lines(any_crm, postgres_server)
    app = create_app(settings, crm=any_crm, assistant=assistant, pages=False)
    wanted = [str(number) for number in range(8)]
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client,
    ):
        for number in wanted:
            asking = asyncio.create_task(_until_taken(client, number))
            await asyncio.sleep(0.01 * int(number))
            await asyncio.to_thread(lines.cut)
            clock.advance(seconds=7)  # a lease whose taking was not told lapses
            await asking
        await _until_all_are_answered(any_crm, clock, len(wanted))
    talk = any_crm.conversations.recent(1)[0]
    said = any_crm.conversations.messages(talk.id)
    assert [message.seq for message in said] == list(range(1, len(said) + 1))
    assert [message.body["text"] for message in said if message.author is Author.CUSTOMER] == wanted
    answers = [message.body["text"] for message in said if message.author is Author.BOT]
    assert answers == [f"You said: {number}" for number in wanted]


async def _until_taken(client: httpx.AsyncClient, text: str) -> None:
    body = {"sender": "p1", "message": text, "metadata": {"message_id": text}}
    async with asyncio.timeout(10):
        while (await client.post("/webhooks/rest/webhook", json=body)).status_code != httpx.codes.OK:
            await asyncio.sleep(0.02)


async def _until_all_are_answered(crm: Crm, clock: FakeClock, count: int) -> None:
    talk = crm.conversations.recent(1)[0]
    async with asyncio.timeout(10):
        while len(crm.conversations.turns(talk.id)) < count:
            clock.advance(seconds=7)
            await asyncio.sleep(0.05)
