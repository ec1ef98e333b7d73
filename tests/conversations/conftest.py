"""The stage of the conversations: the demo shop, a trained assistant, a real action server; set up once."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot import processes
from bot.cli import assistant_training
from crm_core.crm import Crm
from crm_core.settings import Settings
from tests.conversations.people import Cast

READY_SECONDS = 90


@dataclass(frozen=True)
class Stage:
    """What a conversation needs."""

    crm: Crm
    assistant: httpx.Client
    cast: Cast


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The assistant and the action server running on the demo shop."""
    home = tmp_path_factory.mktemp("stage")
    settings = Settings.load(
        home=home,
        models=processes.ROOT / "models",
        data=processes.ROOT / "data",
        assistant_port=_free_port(),
        actions_port=_free_port(),
    )
    model = assistant_training.train(settings)
    crm = Crm(settings)
    _open_shop(crm)
    with _running(settings, model, home):
        headers = {"Authorization": f"Bearer {settings.assistant_token.get_secret_value()}"}
        with httpx.Client(base_url=settings.assistants[0], headers=headers, timeout=30) as assistant:
            yield Stage(crm, assistant, Cast(crm))
    crm.close()


def _open_shop(crm: Crm) -> None:
    crm.migrate()
    crm.intake.load_demo()
    if not crm.training.is_trained():
        crm.training.train()


@contextmanager
def _running(settings: Settings, model: Path, home: Path) -> Iterator[None]:
    environment = {**os.environ, **processes._exported(settings)}
    wanted = [part for part in processes.parts(settings, model.resolve()) if part.name != "gateway"]
    with (home / "processes.log").open("w") as log:
        running = [
            subprocess.Popen(
                part.command, cwd=processes.ROOT, env={**environment, **part.environment}, stdout=log, stderr=log
            )
            for part in wanted
        ]
        try:
            _wait(f"{settings.assistants[0]}/webhooks/gateway/", home / "processes.log")
            _wait(f"http://127.0.0.1:{settings.actions_port}/health", home / "processes.log")
            yield
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(20)


def _wait(address: str, log: Path) -> None:
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end:
        try:
            if httpx.get(address, timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"{address} does not answer; the end of {log}:\n{log.read_text()[-3000:]}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
