"""People who work here, a customer in conversation, and the staff pages in a process of their own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.records.conversations import Conversation, HandoffWish, TurnResult
from crm_core.records.people import Agent, Role
from crm_core.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TRIAL = Path(__file__).parent / "desk" / "trial.py"
PASSWORD = "a long enough password"
TRACE = {
    "intent": {"name": "ask_order_status", "confidence": 0.93},
    "intent_ranking": [
        {"name": "ask_order_status", "confidence": 0.93},
        {"name": "track_refund", "confidence": 0.04},
    ],
    "entities": [{"entity": "order_number", "value": "RP-100234"}],
    "policies": [{"action": "utter_order_status_shipped", "policy": "policy_0_RulePolicy", "confidence": 1.0}],
    "actions": ["utter_order_status_shipped"],
    "slots": {"order_number": "RP-100234"},
    "crm": {"segment": "loyal"},
    "timing_ms": {"nlu": 3.0, "dialogue": 1.0, "total": 5.0},
    "model": "assistant",
}


class Shop:
    """People who work here and customers who write, on one database.

    Args:
        crm: The library on that database.
    """

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self._hired = 0

    def hire(self, name: str, role: Role = Role.AGENT, language: str = "en") -> Agent:
        """Add a member of staff; the e-mail address is nobody else's."""
        self._hired += 1
        email = f"{name.split()[0].lower()}{self._hired}@shop.test"
        return self.crm.staff.create(email, name, role, PASSWORD, language=language)[0]

    def talk(self, text: str, *, person: bool = True, language: str = "en", **identity: str) -> Conversation:
        """Let a customer say something, have the bot answer it, and ask for a person if wanted."""
        conversation = self.crm.conversations.open("web", new_id(), language=language)
        if identity:
            customer = self.crm.customers.create(source="test", language=language, **identity)
            self.crm.conversations.identify(conversation.id, customer)
        self.crm.conversations.accept(conversation.id, {"text": text})
        turn = self.crm.conversations.next_turn(conversation.id, "test", lease_seconds=30)
        assert turn is not None
        wish = HandoffWish("asked") if person else None
        self.crm.conversations.finish_turn(turn, TurnResult([{"text": f"Bot on: {text}"}], TRACE, 12.5, handoff=wish))
        return self.crm.conversations.get(conversation.id)

    def everybody_leaves(self) -> None:
        """Close every conversation."""
        for conversation in self.crm.conversations.recent(100):
            self.crm.conversations.close(conversation.id)


@pytest.fixture
def shop(crm: Crm) -> Shop:
    """A shop on this test's database."""
    return Shop(crm)


@pytest.fixture(scope="module")
def open_shop(tmp_path_factory: pytest.TempPathFactory, migrated_file: Path) -> Iterator[Shop]:
    """A shop for all browser tests of a module, on the real clock."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings.load(home=home, models=home / "models")
    shutil.copy(migrated_file, settings.home / "rapport.db")
    crm = Crm(settings)
    yield Shop(crm)
    crm.close()


@pytest.fixture(scope="module")
def staff_pages(open_shop: Shop) -> Iterator[str]:
    """The desk and the insights of the open shop in a process of their own; gives their address."""
    port = free_port()
    command = [sys.executable, str(TRIAL), str(open_shop.crm.settings.home), str(port)]
    own = {"RAPPORT_SIGN_INS_PER_MINUTE": "1000", "RAPPORT_MODELS": str(open_shop.crm.settings.models)}
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], env=os.environ | own) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_it_answers(f"{address}/sign-in", process, 30)
            yield address
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    from tests.browser import chromium

    with chromium() as started:
        yield started


@pytest.fixture
def enter(browser: Browser, staff_pages: str) -> Iterator[Callable[..., Page]]:
    """Sign somebody in, in a window of their own; anything that the page complains of fails the test."""
    opened: list[Page] = []
    complaints: list[str] = []

    def sign_in(agent: Agent, path: str = "/desk") -> Page:
        page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="en-US").new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(staff_pages + path)
        page.get_by_label("E-mail").fill(agent.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        opened.append(page)
        return page

    yield sign_in
    for page in opened:
        page.context.close()
    assert complaints == []


def free_port() -> int:
    """Give a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_it_answers(url: str, process: subprocess.Popen[bytes], seconds: int) -> None:
    """Wait for a server that was just started; one that ends or stays silent is a failure."""
    for _ in range(seconds * 10):
        assert process.poll() is None, f"what should serve {url} did not start"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} did not answer within {seconds} seconds")
