"""Backups: database and attachments in one file, and an empty installation filled from it.

The file is a ZIP archive of `manifest.json`, `rapport.db` (SQLite, whichever database it was taken from) and
`attachments/<id>`. The keys are not in it: without the file of secrets nobody reads a name in it, and whoever restores
it needs that file, kept elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import uuid
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from crm_core.errors import Conflict, InvalidInput, VersionUnknown
from crm_core.privacy import rights
from crm_core.records.people import Actor
from crm_core.storage import access_log, attachments, backup, migrations
from crm_core.storage.database import Database
from crm_core.use_cases.context import Context

_FORMAT = 1
_MANIFEST, _DATABASE, _ATTACHMENTS = "manifest.json", "rapport.db", "attachments/"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself.

    Attributes:
        format: Of the archive.
        version: Of the database's tables.
        made_at: When, as ISO 8601 in UTC.
        rows: How many rows each table has.
        attachments: How many files there are.
        sha256: Of the database in it.
    """

    format: int
    version: str
    made_at: str
    rows: dict[str, int]
    attachments: int
    sha256: str


def _silent(done: int, total: int) -> None:
    pass


class Backups:
    """The use cases of backups.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._home = context.settings.home
        self._folder = attachments.Folder(self._home / "attachments")

    def make(self, path: Path, *, actor: Actor, replace: bool = False, progress: backup.Progress = _silent) -> Manifest:
        """Write a backup, as of one moment, while others go on working; only its owner may read the file.

        Args:
            path: Where it goes; it takes its name when all of it is written.
            actor: Who makes it; the access log says so.
            replace: Whether a file of that name may be replaced.
            progress: Is told how much is done, of how much.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: The file exists already, or cannot be written there.
            StorageUnavailable: The database cannot be read.
        """
        rights.check(actor, "staff")
        if path.exists() and not (replace and path.is_file()):
            raise InvalidInput("file", str(path), "exists already")
        migrations.upgrade(self._context.database)
        with _unfinished(path) as part, tempfile.TemporaryDirectory(dir=part.parent, prefix=".backup-") as folder:
            self._note(actor, "backup_made")
            held = Path(folder) / _DATABASE
            backup.copy(self._context.database, held, progress)
            files = self._folder.files()  # after the database: a file is written before its row
            manifest = self._manifest(held, len(files))
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
                archive.writestr(_MANIFEST, json.dumps(asdict(manifest), indent=2))
                archive.write(held, _DATABASE)
                for file in files:
                    archive.write(file, f"{_ATTACHMENTS}{file.name}", zipfile.ZIP_STORED)  # sealed: nothing to compress
        return manifest

    def restore(self, path: Path, *, actor: Actor, progress: backup.Progress = _silent) -> Manifest:
        """Fill an empty installation, on whichever database, from a backup; whole or not at all.

        A backup of an earlier version is brought to this program's on the way.

        Raises:
            NotAllowed: The actor may not.
            InvalidInput: The file is not a backup, or damaged.
            VersionUnknown: A newer program made it.
            Conflict: The installation holds data or files already.
            SettingsInvalid: The keys at hand are not those of the backup.
            StorageUnavailable: The database cannot be written.
        """
        rights.check(actor, "staff")
        with _opened(path) as archive:
            manifest = _read_manifest(path, archive)
            self._check_empty()
            self._home.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self._home, prefix=".restore-") as folder:
                held = Path(archive.extract(_DATABASE, folder))
                if _sha256(held) != manifest.sha256:
                    raise InvalidInput("file", str(path), "is damaged: its database is not the one that it says")
                self._prepare(held)
                self._take_files(path, archive)
                try:
                    backup.restore(held, self._context.database, progress)
                except BaseException:
                    self._folder.clear()
                    raise
        self._note(actor, "backup_restored")
        return manifest

    def _manifest(self, held: Path, files: int) -> Manifest:
        made = Database(f"sqlite:///{held}")
        try:
            with made.reading() as connection:
                rows = backup.row_counts(connection)
        finally:
            made.close()
        at = self._context.clock().isoformat()
        return Manifest(_FORMAT, migrations.head(), at, rows, files, _sha256(held))

    def _check_empty(self) -> None:
        with self._context.database.reading() as connection:
            if not backup.is_empty(connection):
                where = self._context.database.url.render_as_string(hide_password=True)
                raise Conflict(f"{where} holds data already: a backup goes into an empty installation only")
        if self._folder.files():
            raise Conflict(
                f"{self._home / 'attachments'} holds files already: a backup goes into an empty installation"
            )

    def _prepare(self, held: Path) -> None:
        """Bring the extracted database to this program's version, and see that its keys are at hand."""
        database = Database(f"sqlite:///{held}")
        try:
            migrations.upgrade(database)
            with database.reading() as connection:
                self._context.keys.verify(connection)
        finally:
            database.close()

    def _take_files(self, path: Path, archive: zipfile.ZipFile) -> None:
        for name in archive.namelist():
            if name.startswith(_ATTACHMENTS):
                self._folder.write(_attachment_id(path, name), archive.read(name))

    def _note(self, actor: Actor, deed: str) -> None:
        keys, at = self._context.keys, self._context.clock()
        with self._context.database.writing() as connection:
            access_log.append(connection, keys.vault.blind_index, actor, deed, "backup", (), at)


@contextmanager
def _unfinished(path: Path) -> Iterator[Path]:
    """Give a file to write that only its owner can read; it takes its name when the block ends well."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    except OSError as error:
        raise InvalidInput("file", str(path), f"cannot be written ({error.strerror})") from error
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise InvalidInput("file", str(path), f"cannot be written ({error.strerror})") from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    if not path.is_file():
        raise InvalidInput("file", str(path), "is not there")
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise InvalidInput("file", str(path), f"is not a whole backup of Rapport: {error}") from error


def _read_manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        content = json.loads(archive.read(_MANIFEST))
        found = int(content["format"])
        if found <= _FORMAT:
            archive.getinfo(_DATABASE)
            manifest = Manifest(**content)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidInput("file", str(path), "is not a backup of Rapport") from error
    if found > _FORMAT:
        raise VersionUnknown(f"{found} (of a backup)", str(_FORMAT))
    if manifest.version not in migrations.versions():
        raise VersionUnknown(manifest.version, migrations.head())
    return manifest


def _attachment_id(path: Path, name: str) -> str:
    try:
        return str(uuid.UUID(name.removeprefix(_ATTACHMENTS)))
    except ValueError as error:
        raise InvalidInput("file", str(path), f"holds {name!r}, which is no attachment") from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
