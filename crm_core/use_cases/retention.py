"""What is deleted by itself when its time is over."""

from __future__ import annotations

import uuid
from datetime import timedelta

import sqlalchemy as sa

from crm_core.storage import attachments, messages
from crm_core.storage.keys import SubjectKeyGone
from crm_core.use_cases.context import Context

_LOOK_BACK = timedelta(days=3)  # a sweeper that was away for longer leaves what was uploaded before
_AT_ONCE = 200
_MESSAGES = 500


class Retention:
    """The rules of how long things are kept.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._folder = attachments.Folder(context.settings.home / "attachments")

    def unsent_files(self) -> int:
        """Delete uploaded files that no message shows, and files on the disk of which the database knows nothing.

        Returns:
            How many files went.
        """
        before = self._context.clock() - timedelta(hours=self._context.settings.unsent_hours)
        with self._context.database.reading() as connection:
            old = attachments.made_between(connection, before - _LOOK_BACK, before, _AT_ONCE)
            unsent = [row.id for row in old if not self._is_shown(connection, row)]
        for file in unsent:
            with self._context.database.writing() as connection:
                attachments.delete(connection, file)
            self._folder.remove(file)
        return len(unsent) + self._orphans()

    def _is_shown(self, connection: sa.Connection, row: attachments.Row) -> bool:
        seq = 0
        while log := messages.after(connection, row.conversation_id, seq, _MESSAGES):
            seq = log[-1].seq
            for line in log:
                try:
                    body = messages.opened(connection, self._context.keys, line, line.key_id).body
                except SubjectKeyGone:
                    return False
                if (body.get("attachment") or {}).get("id") == row.id:
                    return True
        return False

    def _orphans(self) -> int:
        """Delete files of which there is no row: half-written ones, and those of a row that could not be written."""
        before = self._context.clock() - timedelta(hours=self._context.settings.unsent_hours)
        names = self._folder.older_than(before)
        ids = [name for name in names if _is_id(name)]
        with self._context.database.reading() as connection:
            kept = attachments.known(connection, ids)
        return sum(self._folder.remove(name) for name in names if name not in kept)


def _is_id(name: str) -> bool:
    try:
        return str(uuid.UUID(name)) == name
    except ValueError:
        return False
