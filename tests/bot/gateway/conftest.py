"""The gateway over a real SQLite file, with an assistant of a few lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from bot.gateway.app import create_app
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant, Gateway


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.load(home=tmp_path / "home", turn_attempts=2, turn_seconds=3)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def app(settings: Settings, crm: Crm, assistant: FakeAssistant) -> FastAPI:
    return create_app(settings, crm=crm, assistant=assistant, pages=False)


@pytest.fixture
async def gateway(app: FastAPI) -> AsyncIterator[Gateway]:
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as client,
    ):
        yield Gateway(app, client)
