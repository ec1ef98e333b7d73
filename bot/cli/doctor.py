"""`rapport doctor`: what is wrong with this installation, and what to do about it."""

from __future__ import annotations

import importlib.metadata
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import redis
import typer
from rich.console import Console

from bot import processes
from bot.cli import assistant_training
from crm_core.crm import Crm
from crm_core.errors import RapportError
from crm_core.settings import SECRETS_FILE, Settings

_DISK_MB = 500
_ASK_SECONDS = 3


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    state: str  # good | note | bad
    words: str
    remedy: str = ""


def doctor() -> None:
    """Look at the installation; say what is wrong and what to do. Exit 1 when something must be mended."""
    console = Console()
    try:
        settings = Settings.load()
    except RapportError as error:
        findings: list[Finding] = [Finding("settings", "bad", str(error), "correct it in the environment or `.env`")]
    else:
        findings = [finding for look in _LOOKS for finding in look(settings)]
    marks = {"good": "[green]✓[/]", "note": "[yellow]·[/]", "bad": "[red]✗[/]"}
    for finding in findings:
        console.print(f" {marks[finding.state]} [bold]{finding.what}[/]  {finding.words}", highlight=False)
        if finding.remedy:
            console.print(f"     → {finding.remedy}", highlight=False)
    if any(finding.state == "bad" for finding in findings):
        raise typer.Exit(1)


def _environments(settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield Finding("python", "good", f"{version}, Rapport {importlib.metadata.version('rapport')}")
    if processes.ASSISTANT_PYTHON.exists():
        yield Finding("Rasa's environment", "good", str(processes.ASSISTANT_PYTHON.parent.parent))
    else:
        yield Finding("Rasa's environment", "bad", f"{processes.ASSISTANT_PYTHON} is missing", "make install")


def _secrets(settings: Settings) -> Iterator[Finding]:
    path = settings.home / SECRETS_FILE
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        yield Finding("secrets", "bad", f"{path} can be read by others ({mode:o})", f"chmod 600 {path}")
    else:
        yield Finding("secrets", "good", f"{path}, readable by its owner only")


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.home).free // 2**20
    if free < _DISK_MB:
        yield Finding(
            "disk", "bad", f"{free} MB free at {settings.home}", "make room: the log is written before answering"
        )
    else:
        yield Finding("disk", "good", f"{free:,} MB free")


def _database(settings: Settings) -> Iterator[Finding]:
    where = settings.home / "rapport.db" if not settings.database_url else "RAPPORT_DATABASE_URL"
    try:
        crm = Crm(settings)
        try:
            health = crm.health()
            empty = health.ready and crm.intake.is_empty()
        finally:
            crm.close()
    except RapportError as error:
        yield Finding("database", "bad", str(error))
        return
    if not health.reachable:
        yield Finding("database", "bad", str(health.problem), "is it running, and may this user write there?")
    elif not health.migrated:
        yield Finding("database", "bad", f"{where} is at version {health.version}", "rapport up migrates it")
    else:
        yield Finding("database", "good", f"{where}, migrated{', empty' if empty else ''}")


def _models(settings: Settings) -> Iterator[Finding]:
    if assistant_training.is_current(settings):
        yield Finding("assistant's model", "good", "made from the present training data")
    else:
        yield Finding("assistant's model", "bad", "missing, or older than the training data", "rapport train")
    try:
        crm = Crm(settings)
        try:
            trained = crm.training.is_trained()
        finally:
            crm.close()
    except RapportError as error:
        yield Finding("customer models", "bad", str(error))
        return
    if trained:
        yield Finding("customer models", "good", f"in {settings.models}")
    else:
        yield Finding("customer models", "bad", "not trained", "rapport train, then rapport score")


def _redis(settings: Settings) -> Iterator[Finding]:
    if not settings.redis_url:
        yield Finding("redis", "note", "not used: live push stays inside the one gateway")
        return
    try:
        redis.Redis.from_url(settings.redis_url, socket_timeout=_ASK_SECONDS).ping()
    except redis.RedisError as error:
        yield Finding("redis", "bad", f"RAPPORT_REDIS_URL: {error}", "start it, or unset RAPPORT_REDIS_URL")
    else:
        yield Finding("redis", "good", "answers")


def _running(settings: Settings) -> Iterator[Finding]:
    addresses = [
        ("gateway", f"http://{settings.host}:{settings.port}/readyz"),
        *(("assistant", f"{address}/") for address in settings.assistants),
        ("actions", f"http://127.0.0.1:{settings.actions_port}/health"),
    ]
    for name, address in addresses:
        try:
            answer = httpx.get(address, timeout=_ASK_SECONDS)
        except httpx.TransportError:
            yield Finding(name, "note", f"does not run at {address}", "rapport up")
        else:
            good = answer.status_code == httpx.codes.OK
            yield Finding(name, "good" if good else "bad", "answers" if good else f"says {answer.text[:200]}")


def _data(settings: Settings) -> Iterator[Finding]:
    missing = [name for name in ("demo", "knowledge") if not Path(settings.data / name).is_dir()]
    if missing:
        yield Finding(
            "data", "bad", f"{settings.data} has no {' and no '.join(missing)}", "run in the project's folder"
        )


_LOOKS: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
    _environments,
    _secrets,
    _disk,
    _data,
    _database,
    _models,
    _redis,
    _running,
)
