"""Connectors for files: one, or all of a folder, of which a second run reads those that are new or changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

from crm_core.errors import InvalidInput
from crm_core.intake.chunks import Part, Source
from crm_core.intake.mapping import Mapping
from crm_core.intake.sources import kind_of, open_source

_HASHED = 1 << 20


class File:
    """One file; it is always read, and what was there already is told.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def parts(self) -> Iterator[Part]:
        """Give the file."""
        if not self._path.is_file():
            raise InvalidInput("file", str(self._path), "is not there")
        yield Part(self._path.name, str(self._path.resolve()), partial(_open, self._path), digest(self._path), True)


class Folder:
    """The files of a folder and those below it, by name; files of kinds that cannot be read are passed over.

    Args:
        path: The folder.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def parts(self) -> Iterator[Part]:
        """Give its files."""
        files = [path for path in sorted(self._path.rglob("*")) if path.is_file() and kind_of(path)]
        files = [path for path in files if not any(part.startswith(".") for part in path.relative_to(self._path).parts)]
        if not files:
            raise InvalidInput("folder", str(self._path), "holds no file that can be imported")
        for path in files:
            name = str(path.relative_to(self._path))
            yield Part(name, str(path.resolve()), partial(_open, path), digest(path))


def digest(path: Path) -> str:
    """Give the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_HASHED):
            found.update(block)
    return found.hexdigest()


def _open(path: Path, mapping: Mapping | None, _cursor: str) -> AbstractContextManager[Source]:
    return open_source(path, mapping)
