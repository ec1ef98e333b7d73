"""Training the assistant in Rasa's environment, and knowing when that is needed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.processes import ASSISTANT_PYTHON, ROOT
from crm_core.errors import RapportError
from crm_core.settings import Settings

NAME = "assistant"
_CONFIGURATION = "config.yml"
_DOMAIN = "bot/assistant/domain"
_NOT_DIALOGUE = {"demo", "knowledge"}
_LOG_LINES = 15


class AssistantNotTrained(RapportError):
    """Rasa could not train; the message has the end of its log."""


def model_path(settings: Settings) -> Path:
    """Give the file that the assistant loads."""
    return settings.models / NAME / f"{NAME}.tar.gz"


def is_current(settings: Settings) -> bool:
    """Tell whether the model is there and was made from the present files."""
    mark = _mark(settings)
    return model_path(settings).exists() and mark.exists() and mark.read_text("utf-8") == fingerprint(settings)


def fingerprint(settings: Settings) -> str:
    """Give a hash of all that a training depends on: configuration, domain, examples, our components, the lock."""
    folder = ROOT / "bot" / "assistant"
    sources = [ROOT / _CONFIGURATION, folder / "uv.lock"]
    sources += sorted(path for path in (folder / "components").iterdir() if path.is_file())
    sources += sorted((ROOT / _DOMAIN).rglob("*.yml"))
    sources += [path for each in _dialogue_folders(settings) for path in sorted(each.rglob("*.[yt][mx][lt]"))]
    digest = hashlib.sha256()
    for path in sources:
        digest.update(f"{path.name}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def train(settings: Settings) -> Path:
    """Train when anything has changed since the last time, and give the model's file.

    A training in another process is waited for. Rasa's own words go to `<home>/logs/training.log`.

    Raises:
        AssistantNotTrained: Rasa refused the files or broke off.
    """
    target = model_path(settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target.parent / ".lock"):
        if not is_current(settings):
            wanted = fingerprint(settings)
            _run_rasa(settings, target)
            _mark(settings).write_text(wanted, "utf-8")
    return target


def _mark(settings: Settings) -> Path:
    return settings.models / NAME / "made-from.txt"


def _dialogue_folders(settings: Settings) -> list[Path]:
    folders = (path for path in sorted(settings.data.iterdir()) if path.name not in _NOT_DIALOGUE)
    return [path for path in folders if path.is_dir() and any(path.rglob("*.yml"))]


def _run_rasa(settings: Settings, target: Path) -> None:
    log = settings.home / "logs" / "training.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, log.open("w", encoding="utf-8") as out:
        data = [str(path.resolve()) for path in _dialogue_folders(settings)]
        command = [
            *(str(ASSISTANT_PYTHON), "-m", "bot.assistant", "train", "--force", "--config", _CONFIGURATION),
            *("--domain", _DOMAIN, "--out", str(Path(folder).resolve()), "--fixed-model-name", NAME, "--data", *data),
        ]
        quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
        environment = {**os.environ, **quiet, "RASA_CACHE_DIRECTORY": f"{Path(folder).resolve()}/cache"}
        code = subprocess.run(  # noqa: S603 - our own interpreter and files
            command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False
        ).returncode
        made = Path(folder) / f"{NAME}.tar.gz"
        if code or not made.exists():
            words = log.read_text("utf-8", errors="replace").splitlines()[-_LOG_LINES:]
            raise AssistantNotTrained("\n".join([f"rasa train ended with {code}:", *words, f"({log})"]))
        made.replace(target)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
