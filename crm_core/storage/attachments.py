"""Customers' files: a row of `attachments` each, and the sealed content in a file of its own below the data home."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_core.errors import StorageUnavailable
from crm_core.records.conversations import Attachment
from crm_core.storage.keys import KeyRing
from crm_core.storage.tables import attachments, conversations

Row = sa.Row[*tuple[Any, ...]]


def insert(connection: sa.Connection, values: dict[str, Any]) -> None:
    """Add a file's row."""
    connection.execute(attachments.insert().values(**values))


def by_id(connection: sa.Connection, attachment_id: str) -> Row | None:
    """Give a file's row with its conversation's `key_id`, `channel` and `external_id`."""
    query = (
        sa.select(attachments, conversations.c.key_id, conversations.c.channel, conversations.c.external_id)
        .join(conversations, conversations.c.id == attachments.c.conversation_id)
        .where(attachments.c.id == attachment_id)
    )
    return connection.execute(query).one_or_none()


def opened(connection: sa.Connection, keys: KeyRing, row: Row) -> Attachment:
    """Give what is known of a file.

    Raises:
        SubjectKeyGone: It was erased.
    """
    name = keys.open(connection, row.key_id, row.name_encrypted)
    return Attachment(row.id, row.conversation_id, name, row.type, row.size)


def made_between(connection: sa.Connection, start: datetime, end: datetime, limit: int) -> Sequence[Row]:
    """Give the files of a time, the oldest first."""
    of_then = (attachments.c.created_at >= start, attachments.c.created_at < end)
    query = sa.select(attachments).where(*of_then).order_by(attachments.c.created_at).limit(limit)
    return connection.execute(query).all()


def known(connection: sa.Connection, ids: Collection[str]) -> set[str]:
    """Give those of some ids of which there is a row."""
    return set(connection.scalars(sa.select(attachments.c.id).where(attachments.c.id.in_(list(ids)))))


def delete(connection: sa.Connection, attachment_id: str) -> int:
    """Delete a file's row; give how many there were."""
    return connection.execute(attachments.delete().where(attachments.c.id == attachment_id)).rowcount


class Folder:
    """The sealed files; nothing of it is ever served by its path.

    Args:
        path: Made on the first write, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, attachment_id: str, sealed: bytes) -> None:
        """Write a file that is there whole or not at all.

        Raises:
            StorageUnavailable: The disk refuses.
        """
        part = self._path / f".{attachment_id}"
        try:
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with open(part, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._path / attachment_id)
        except OSError as error:
            raise StorageUnavailable(f"attachments: {error}") from error

    def remove(self, attachment_id: str) -> bool:
        """Delete a sealed file; tell whether it was there.

        Raises:
            StorageUnavailable: The disk refuses.
        """
        try:
            (self._path / attachment_id).unlink()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise StorageUnavailable(f"attachments: {error}") from error
        return True

    def older_than(self, moment: datetime) -> list[str]:
        """Give the names of the files that were written before a moment, half-written ones included."""
        found = self._path.iterdir() if self._path.is_dir() else ()
        return [path.name for path in found if path.stat().st_mtime < moment.timestamp()]

    def read(self, attachment_id: str) -> bytes | None:
        """Give a sealed file, or None where it is gone.

        Raises:
            StorageUnavailable: The disk refuses.
        """
        try:
            return (self._path / attachment_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StorageUnavailable(f"attachments: {error}") from error

    def files(self) -> list[Path]:
        """Give the sealed files; the name of each is its attachment's id."""
        found = self._path.iterdir() if self._path.is_dir() else ()
        return sorted(path for path in found if not path.name.startswith("."))  # those with a point are half written

    def clear(self) -> None:
        """Remove every file."""
        for path in self.files():
            path.unlink()
