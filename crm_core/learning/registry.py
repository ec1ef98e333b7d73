"""Where trained models are kept: `models/<task>/<version>/`, one of them live; files are checked before use."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from crm_core.errors import ModelNotTrained
from crm_core.learning.card import Card, card_languages
from crm_core.learning.contract import Storable

_CARD = "card.json"
_LIVE = "live.json"
_KEPT = 5


class ModelDamaged(ModelNotTrained):
    """A model's files are not those that training wrote: it is not used; train again."""


@dataclass(frozen=True)
class Artefact:
    """One trained model on disk, its files checked."""

    task: str
    version: str
    folder: Path
    sha256: str
    card: dict[str, Any]


class Registry:
    """The models of one installation.

    Args:
        models: The folder that holds one sub-folder per task.
    """

    def __init__(self, models: Path) -> None:
        self.models = models

    def save(self, model: Storable, card: Card, moment: datetime) -> Artefact:
        """Write a new version beside the others; it is not live until `make_live`.

        Args:
            model: What to write.
            card: What is known of it.
            moment: When it was trained; becomes part of the version.
        """
        home = self.models / card.task
        home.mkdir(parents=True, exist_ok=True)
        version = self._free_version(card.task, moment)
        draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=home))
        try:
            model.save(draft)
            self._write_cards(draft, card, version, moment)
            draft.chmod(0o755)
            draft.replace(home / version)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        return self.open(card.task, version)

    def make_live(self, artefact: Artefact) -> None:
        """Serve this version from now on, and forget versions that are long past."""
        home = self.models / artefact.task
        handle, draft = tempfile.mkstemp(prefix=".live-", dir=home)
        with os.fdopen(handle, "w") as file:
            json.dump({"version": artefact.version}, file)
        Path(draft).chmod(0o644)
        Path(draft).replace(home / _LIVE)
        for version in self.versions(artefact.task)[:-_KEPT]:
            if version != artefact.version:
                shutil.rmtree(home / version)

    def live(self, task: str) -> str | None:
        """Give the version that is served, or None when the task was never trained."""
        try:
            version = json.loads((self.models / task / _LIVE).read_text())["version"]
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, TypeError) as error:
            raise ModelDamaged(f"{self.models / task / _LIVE} cannot be read") from error
        return str(version)

    def stamp(self, task: str) -> int:
        """Give a number that changes when another version becomes live; 0 when none is."""
        try:
            return (self.models / task / _LIVE).stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def versions(self, task: str) -> list[str]:
        """Give every version that is on disk, oldest first."""
        return sorted(folder.parent.name for folder in (self.models / task).glob(f"{task}-*/{_CARD}"))

    def open(self, task: str, version: str | None = None) -> Artefact:
        """Check a version's files against its card.

        Args:
            task: The capability.
            version: Which version; the live one when left out.

        Raises:
            ModelNotTrained: There is none.
            ModelDamaged: A file is missing or is not what training wrote.
        """
        chosen = version or self.live(task)
        if chosen is None:
            raise ModelNotTrained(f"no {task} model in {self.models}: run `rapport train`")
        folder = self.models / task / chosen
        try:
            card = json.loads((folder / _CARD).read_text("utf-8"))
            found = {name: _sha256(folder / name) for name in card["files"]}
            intact = found == card["files"] and _sum(found) == card["sha256"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelDamaged(f"{folder} cannot be read: {error}") from error
        if not intact:
            raise ModelDamaged(f"{folder} has changed since it was trained: run `rapport train {task}`")
        return Artefact(task, chosen, folder, card["sha256"], card)

    def _free_version(self, task: str, moment: datetime) -> str:
        base = version = f"{task}-{moment:%Y%m%dT%H%M%S}"
        tries = 1
        while (self.models / task / version).exists():
            tries += 1
            version = f"{base}-{tries}"
        return version

    @staticmethod
    def _write_cards(folder: Path, card: Card, version: str, moment: datetime) -> None:
        files = {path.name: _sha256(path) for path in sorted(folder.iterdir())}
        content = {
            "version": version,
            "trained_at": moment.isoformat(),
            **card.as_json(),
            "files": files,
            "sha256": _sum(files),
        }
        (folder / _CARD).write_text(json.dumps(content, ensure_ascii=False, indent=2), "utf-8")
        for language in card_languages():
            name = "card.md" if language == "en" else f"card.{language}.md"
            (folder / name).write_text(card.as_markdown(version, moment, language), "utf-8")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sum(files: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(f"{name} {files[name]}" for name in sorted(files)).encode()).hexdigest()
