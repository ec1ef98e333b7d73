"""The three processes of the product, kept alive by Supervisor (supervisord.org)."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xmlrpc.client import Error as RpcError
from xmlrpc.client import ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from crm_core.errors import RapportError
from crm_core.settings import Settings

ROOT = Path(__file__).parent.parent
ASSISTANT_PYTHON = ROOT / "bot" / "assistant" / ".venv" / "bin" / "python"
_STOP_SECONDS = 20

_CONFIGURATION = """\
[supervisord]
nodaemon=true
silent=true
directory={root}
logfile={logs}/supervisord.log
pidfile={home}/supervisord.pid
childlogdir={logs}

[unix_http_server]
file={socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
"""

_PROGRAM = """
[program:{name}]
command={command}
directory={root}
environment={environment}
redirect_stderr=true
stdout_logfile={logs}/{name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
startsecs=2
startretries=5
stopasgroup=true
killasgroup=true
stopwaitsecs={stop_seconds}
"""


ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1"}
"""Matrices are small here: threads that wait for one another on shared cores cost more than they save."""

ENCODER = "bot.assistant.components.sentence_encoder:SentenceEncoder.installed"


class PortTaken(RapportError):
    """Another program already listens where a part of Rapport should."""


class PartFailed(RapportError):
    """A process ended at once and again, and is not started any more."""


@dataclass(frozen=True)
class Part:
    """One process of the product."""

    name: str
    command: list[str]
    host: str
    port: int
    setting: str  # the variable that moves its port
    environment: dict[str, str]


def parts(settings: Settings, assistant_model: Path) -> list[Part]:
    """Give the processes of an installation, in the order they are started."""
    local = "127.0.0.1"
    actions_url = f"http://{local}:{settings.actions_port}/webhook"
    tracker = f"sqlite:///{(settings.home / 'tracker.db').resolve()}"
    return [
        Part(
            "actions",
            [sys.executable, "-m", "bot.action_server", "--host", local, "--port", str(settings.actions_port)],
            local,
            settings.actions_port,
            "RAPPORT_ACTIONS_PORT",
            {"RAPPORT_ENCODER": settings.encoder or ENCODER, **ONE_THREAD},
        ),
        Part(
            "assistant",
            [
                *(str(ASSISTANT_PYTHON), "-m", "bot.assistant", "run", "--model", str(assistant_model)),
                *("--endpoints", "bot/assistant/endpoints.yml", "--credentials", "bot/assistant/credentials.yml"),
                *("-i", local, "-p", str(settings.assistant_port)),
            ],
            local,
            settings.assistant_port,
            "RAPPORT_ASSISTANT_PORT",
            {
                "RAPPORT_ACTIONS_URL": actions_url,
                "RAPPORT_TRACKER_URL": os.environ.get("RAPPORT_TRACKER_URL", tracker),
                "RASA_TELEMETRY_ENABLED": "false",
                "TF_CPP_MIN_LOG_LEVEL": "3",
                "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
            },
        ),
        Part(
            "gateway",
            [sys.executable, "-m", "bot.gateway"],
            settings.host,
            settings.port,
            "RAPPORT_PORT",
            dict(ONE_THREAD),
        ),
    ]


def check_ports(wanted: list[Part]) -> None:
    """Make sure that every part can listen.

    Raises:
        PortTaken: One cannot; the message names the port and the variable that moves it.
    """
    for part in wanted:
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((part.host, part.port))
            except OSError as error:
                raise PortTaken(
                    f"port {part.port} on {part.host}, wanted for the {part.name}, cannot be used "
                    f"({error.strerror}). Stop what listens there, or set {part.setting} to another port."
                ) from error


class Supervisor:
    """Supervisor's own process, started as our child and asked over its socket.

    Args:
        settings: The installation.
        wanted: The processes to keep alive.
    """

    def __init__(self, settings: Settings, wanted: list[Part]) -> None:
        self._home = settings.home.resolve()
        self._logs = self._home / "logs"
        self._logs.mkdir(parents=True, exist_ok=True)
        # A socket's path may have 107 characters at most, which `home` need not respect.
        self._socket = Path(tempfile.mkdtemp(prefix="rapport-")) / "supervisor.sock"
        self._settings = settings
        self._wanted = wanted
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Write the configuration and start all parts."""
        configuration = self._home / "supervisord.conf"
        text = _CONFIGURATION.format(root=ROOT, home=self._home, logs=self._logs, socket=self._socket)
        for part in self._wanted:
            text += _PROGRAM.format(
                name=part.name,
                command=shlex.join(part.command),
                root=ROOT,
                environment=",".join(f'{name}="{value}"' for name, value in part.environment.items()),
                logs=self._logs,
                stop_seconds=_STOP_SECONDS,
            )
        configuration.write_text(text.replace("%", "%%"))
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and configuration
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(configuration)],
            env={**os.environ, **_exported(self._settings)},
            start_new_session=True,  # Ctrl-C is ours; Supervisor is told in order
        )

    def states(self) -> dict[str, str]:
        """Give each part's state in Supervisor's words (STARTING, RUNNING, BACKOFF, FATAL, …)."""
        return {info["name"]: info["statename"] for info in self._infos()}

    def pids(self) -> dict[str, int]:
        """Give the process of each part that runs."""
        return {info["name"]: info["pid"] for info in self._infos() if info["statename"] == "RUNNING"}

    def _infos(self) -> list[dict[str, Any]]:
        proxy = ServerProxy("http://127.0.0.1", SupervisorTransport(None, None, f"unix://{self._socket}"))
        try:
            infos: Any = proxy.supervisor.getAllProcessInfo()
        except (OSError, RpcError):
            return []  # Supervisor itself is not up yet, or is ending
        return list(infos)

    def watch(self, seconds: float = 1.0) -> Iterator[dict[str, str]]:
        """Give the states again and again, until Supervisor itself ends.

        Raises:
            PartFailed: A part was given up; the message says where its log is.
        """
        while self._process and self._process.poll() is None:
            states = self.states()
            for name, state in states.items():
                if state == "FATAL":
                    raise PartFailed(f"the {name} ends at every start; its last words:\n{self.last_words(name)}")
            yield states
            time.sleep(seconds)

    def last_words(self, name: str, lines: int = 15) -> str:
        """Give the end of a part's log, with the log's place."""
        path = self._logs / f"{name}.log"
        text = path.read_text("utf-8", errors="replace") if path.exists() else ""
        return "\n".join([*text.splitlines()[-lines:], f"({path})"])

    def stop(self) -> None:
        """End every part and wait for it."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS + 5)
        except subprocess.TimeoutExpired:
            self._process.kill()
        shutil.rmtree(self._socket.parent, ignore_errors=True)


def _exported(settings: Settings) -> dict[str, str]:
    """Give the settings as the environment of the processes, which then read no file of their own."""
    exported: dict[str, str] = {}
    for name, value in settings.model_dump().items():
        plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
        exported[f"RAPPORT_{name.upper()}"] = str(plain.resolve() if isinstance(plain, Path) else plain)
    return exported
