"""The whole product, started as a person starts it, for benchmarks and system tests."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

ROOT = Path(__file__).parent.parent
_START_SECONDS = 600


def free_port() -> int:
    """Give a port of this machine that nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(address: str) -> bool:
    """Tell whether somebody there says that all is well."""
    try:
        return httpx.get(address, timeout=10).status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


class Product:
    """`rapport up` in a home of its own.

    Args:
        home: Where database, secrets and logs go.
        settings: Further `RAPPORT_…` variables, by their names without the prefix, in lower case.
    """

    def __init__(self, home: Path, settings: Mapping[str, str] | None = None) -> None:
        self.home = home
        self.port, self.assistant_port, self.actions_port = free_port(), free_port(), free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        values = {
            "home": str(home),
            "port": str(self.port),
            "assistant_port": str(self.assistant_port),
            "actions_port": str(self.actions_port),
            **(settings or {}),
        }
        self._environment = {**os.environ, **{f"RAPPORT_{name.upper()}": value for name, value in values.items()}}
        self._process: subprocess.Popen[bytes] | None = None
        self.ready_seconds = 0.0

    @property
    def output(self) -> str:
        """All that `rapport up` has printed."""
        return (self.home / "up.txt").read_text("utf-8", errors="replace")

    @property
    def administrator(self) -> tuple[str, str]:
        """The first administrator's e-mail and password, as printed on the first start."""
        email = re.search(r"e-mail\s+(\S+)", self.output)
        password = re.search(r"password\s+(\S+)", self.output)
        if not email or not password:
            raise RuntimeError(f"no administrator was printed:\n{self.output}")
        return email[1], password[1]

    def secret(self, name: str) -> str:
        """Give one of the secrets that the first start generated."""
        found = re.search(rf"^RAPPORT_{name}=(.+)$", (self.home / "secrets.env").read_text(), re.MULTILINE)
        if not found:
            raise RuntimeError(f"no secret {name}")
        return found[1]

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.home.mkdir(parents=True, exist_ok=True)
        started = time.perf_counter()
        with (self.home / "up.txt").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from bot.cli import main; main()", "up"],
                cwd=ROOT,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        while time.perf_counter() - started < _START_SECONDS:
            if self._process.poll() is not None:
                raise RuntimeError(f"rapport up ended with {self._process.returncode}:\n{self.output}")
            try:
                if httpx.get(f"{self.address}/readyz", timeout=2).status_code == 200:
                    self.ready_seconds = time.perf_counter() - started
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        self.stop()
        raise RuntimeError(f"not ready after {_START_SECONDS} s:\n{self.output}")

    def stop(self) -> None:
        """End it as Ctrl-C does, and wait."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(60)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self.stop()
