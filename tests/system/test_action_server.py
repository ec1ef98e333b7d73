"""The actions' server is one process: when it is killed, nothing of it stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.bot.conftest import free_port, wait_until_it_answers

pytestmark = pytest.mark.system
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[psutil.Process, str]]:
    """Give the running server and its address."""
    port = free_port()
    command = [sys.executable, "-m", "bot.action_server", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=os.environ | {"RAPPORT_HOME": str(tmp_path)}) as process:
        address = f"http://127.0.0.1:{port}"
        try:
            wait_until_it_answers(f"{address}/health", process, 60)
            yield psutil.Process(process.pid), address
        finally:
            process.kill()


def test_it_serves_every_action_without_helpers(server: tuple[psutil.Process, str]) -> None:
    process, address = server
    assert "action_order_status_show" in {each["name"] for each in httpx.get(f"{address}/actions").json()}
    assert process.children(recursive=True) == []


def test_nothing_of_it_stays_when_it_is_killed(server: tuple[psutil.Process, str]) -> None:
    process, address = server
    process.kill()
    process.wait(10)
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{address}/health")
