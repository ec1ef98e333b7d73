"""The widget in a real Chromium, on the demo shop's pages, against a gateway with an assistant of a few lines."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Locator, Page, expect

from bot.gateway.app import create_app
from bot.gateway.push import CHANGED, conversation_topic
from crm_core.crm import Crm
from crm_core.records.conversations import HandoffWish, PendingTurn, TurnResult
from crm_core.settings import Settings
from tests.bot.gateway.fakes import FakeAssistant
from tests.browser import chromium

expect.set_options(timeout=8000)

CARDS = [
    {
        **{
            "sku": f"KI{number}",
            "title": f"Mug {number}",
            "price": "$9.90",
            "image": None,
            "url": f"/products/KI{number}",
        },
        **{"stock": "low", "reason": "Goes with your teapot", "served_id": None},
    }
    for number in (1, 2, 3)
]


def answer(turn: PendingTurn) -> TurnResult:
    """Answer as the tests need it."""
    text = turn.message.body["text"]
    if turn.message.body.get("payload") == "/cancel":
        return TurnResult([{"text": "It is cancelled."}])
    if text == "order":
        buttons = [{"title": "Cancel it", "payload": "/cancel"}, {"title": "Keep it", "payload": "/keep"}]
        return TurnResult([{"text": "It is on its way."}, {"text": "Anything else?", "buttons": buttons}])
    if text == "recommend":
        return TurnResult([{"text": "Perhaps these:"}, {"cards": CARDS}])
    if text == "person":
        return TurnResult([{"text": "Asking."}], handoff=HandoffWish("request"))
    return TurnResult([{"text": f"You said: {text}"}])


@dataclass
class Site:
    """The gateway, as a thread that can be stopped and started again on the same port."""

    settings: Settings
    port: int
    assistant: FakeAssistant
    crm: Crm

    def __post_init__(self) -> None:
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.app = create_app(self.settings, assistant=self.assistant, pages=False)
        config = uvicorn.Config(self.app, port=self.port, log_level="critical", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)

    def changed(self, conversation_id: str) -> None:
        """Tell the gateway's readers of a change, as the desk does."""
        self.app.state.services.hub.publish(conversation_topic(conversation_id), CHANGED)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def site(tmp_path: Path, migrated_file: Path) -> Iterator[Site]:
    settings = Settings.load(home=tmp_path / "home", data=tmp_path, messages_per_minute=1000)
    shutil.copy(migrated_file, settings.home / "rapport.db")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    crm = Crm(settings)
    running = Site(settings, port, FakeAssistant(replies=answer, pauses={"slow": 1.5}), crm)
    yield running
    running.stop()
    crm.close()


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def page(chrome: Browser, site: Site) -> Iterator[Page]:
    """A page of the shop; a script error on it is a failure."""
    context = chrome.new_context(locale="en-GB", viewport={"width": 1200, "height": 800})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(site.address)
    yield page
    context.close()
    assert errors == []


class Chat:
    """The widget on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.host = page.locator("rapport-chat")
        self.launcher = self.host.locator(".launcher")
        self.panel = self.host.locator("dialog")
        self.box = self.host.locator("textarea")
        self.log = self.host.get_by_role("log")

    def open(self) -> Chat:
        self.launcher.click()
        expect(self.panel).to_be_visible()
        return self

    def say(self, text: str) -> Chat:
        self.box.fill(text)
        self.box.press("Enter")
        return self

    def said(self, text: str) -> Locator:
        """Give the finished bubble with a text, once it is there."""
        bubble = self.log.locator(".message:not(.waiting) .bubble", has_text=text).last
        expect(bubble).to_be_visible()
        return bubble
