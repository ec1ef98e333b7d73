"""The product's own processes under the product's own Supervisor: one of each, or two gateways and two assistants."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx
import redis
import sqlalchemy as sa
from rich.console import Console

from benchmarks.product import ROOT, free_port
from bot import processes
from bot.cli import assistant_training
from bot.cli.up import prepare
from bot.processes import Part, Supervisor
from crm_core.settings import Settings

POSTGRES = os.environ.get("RAPPORT_TEST_POSTGRES") or "postgresql+psycopg://postgres@127.0.0.1:5432/test"
_READY_SECONDS = 180
_LOUD = "1000000"  # the limits per sender and address are not what is tried here


@dataclass
class Cluster:
    """Everything that runs.

    Attributes:
        settings: Of the installation.
        supervisor: Keeps the parts alive.
        gateways: The addresses of the gateways.
        server: The PostgreSQL server, where there is one.
        redis: Our own Redis server, where there is one.
    """

    settings: Settings
    supervisor: Supervisor
    gateways: list[str]
    server: sa.Engine | None = None
    redis: RedisServer | None = None
    schema: str = ""

    @property
    def parts(self) -> dict[str, int]:
        """The process of each part that runs now."""
        return self.supervisor.pids()

    def cut_database(self) -> int:
        """Cut every connection to PostgreSQL that belongs to this run; give how many there were."""
        if self.server is None:
            return 0
        query = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = :name"
        with self.server.connect() as connection:
            return int(connection.scalar(sa.text(query), {"name": self.schema}) or 0)

    def ready(self) -> bool:
        """Tell whether the action server answers and every gateway says that it can serve."""
        asked = [f"http://127.0.0.1:{self.settings.actions_port}/health"]
        asked += [f"{address}/readyz" for address in self.gateways]
        with suppress(httpx.TransportError):
            return all(httpx.get(address, timeout=5).is_success for address in asked)
        return False

    def wait(self) -> None:
        """Wait until everything serves.

        Raises:
            RuntimeError: Something does not, in time.
        """
        deadline = time.monotonic() + _READY_SECONDS
        while not self.ready():
            if time.monotonic() > deadline:
                words = "\n".join(self.supervisor.last_words(name) for name in self.supervisor.states())
                raise RuntimeError(f"not ready after {_READY_SECONDS} s; the parts' last words:\n{words}")
            time.sleep(0.3)


@dataclass
class RedisServer:
    """A Redis of this run's own, to be killed and paused."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, or start it again."""
        program = shutil.which("redis-server")
        if program is None:
            raise RuntimeError("redis-server is wanted for the run on PostgreSQL and is not installed")
        command = [program, "--port", str(self.port), "--save", "", "--dir", str(self.folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        with redis.Redis.from_url(self.url) as client:
            while self.process.poll() is None:
                with suppress(redis.ConnectionError):
                    client.ping()
                    return
                time.sleep(0.05)
        raise RuntimeError("redis-server ended at once")

    def kill(self) -> None:
        """Kill it and start it again, empty."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        time.sleep(0.5)
        self.start()

    def stop(self) -> None:
        """End it."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@contextmanager
def sqlite_cluster(home: Path, console: Console) -> Iterator[Cluster]:
    """The product as `rapport up` starts it: SQLite, one process of each kind."""
    settings = _settings(home)
    prepare(settings, console)
    wanted = processes.parts(settings, assistant_training.model_path(settings).resolve())
    cluster = Cluster(settings, Supervisor(settings, wanted), [f"http://127.0.0.1:{settings.port}"])
    with _running(cluster):
        yield cluster


@contextmanager
def postgres_cluster(home: Path, console: Console) -> Iterator[Cluster]:
    """PostgreSQL, Redis, two gateways, two assistants, one action server."""
    schema = f"chaos_{uuid.uuid4().hex}"
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    url = server.url.update_query_dict({"options": f"-csearch_path={schema}", "application_name": schema})
    home.mkdir(parents=True, exist_ok=True)
    broker = RedisServer(home)
    broker.start()
    second_gateway, second_assistant, first_assistant = free_port(), free_port(), free_port()
    settings = _settings(
        home,
        database_url=url.render_as_string(hide_password=False),
        redis_url=broker.url,
        assistant_port=first_assistant,
        assistant_url=f"http://127.0.0.1:{first_assistant},http://127.0.0.1:{second_assistant}",
    )
    try:
        prepare(settings, console)
        tracker = url.set(drivername="postgresql+psycopg2").render_as_string(hide_password=False)
        wanted = [
            replace(part, environment={**part.environment, "RAPPORT_TRACKER_URL": tracker})
            for part in processes.parts(settings, assistant_training.model_path(settings).resolve())
        ]
        wanted += [_second(part, {"assistant": second_assistant, "gateway": second_gateway}) for part in wanted[1:]]
        gateways = [f"http://127.0.0.1:{port}" for port in (settings.port, second_gateway)]
        cluster = Cluster(settings, Supervisor(settings, wanted), gateways, server, broker, schema)
        with _running(cluster):
            yield cluster
    finally:
        broker.stop()
        with server.connect() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))
        server.dispose()


def _second(part: Part, ports: dict[str, int]) -> Part:
    """Give a part's second process, on a port of its own."""
    port = ports[part.name]
    command = [str(port) if word == str(part.port) else word for word in part.command]
    environment = {**part.environment, "RAPPORT_PORT": str(port)}
    return replace(part, name=f"{part.name}-2", command=command, port=port, environment=environment)


def _settings(home: Path, **others: object) -> Settings:
    ports = {name: free_port() for name in ("port", "assistant_port", "actions_port")}
    return Settings.load(**{"home": home, "models": ROOT / "models", "messages_per_minute": _LOUD, **ports, **others})


@contextmanager
def _running(cluster: Cluster) -> Iterator[None]:
    cluster.supervisor.start()
    try:
        cluster.wait()
        yield
    finally:
        cluster.supervisor.stop()
