"""The version of the database's tables, and the way to another."""

from __future__ import annotations

from crm_core.storage import migrations, partitions
from crm_core.use_cases.context import Context


class Schema:
    """The use cases of the database's version.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._database = context.database
        self._clock = context.clock

    def current(self) -> str | None:
        """Give the version that the database has, or None for an empty one.

        Raises:
            StorageUnavailable: It cannot be reached.
        """
        return migrations.current(self._database)

    def up(self, to: str | None = None) -> None:
        """Bring the database to a version, the newest by default; nothing happens where it is there already.

        Raises:
            InvalidInput: There is no such version.
            VersionUnknown: A newer program wrote the database.
            StorageUnavailable: It cannot be reached or written.
        """
        migrations.upgrade(self._database, to)

    def down(self, to: str) -> None:
        """Take the database back to an earlier version; what only later ones can hold is lost.

        Raises:
            InvalidInput: There is no such version, or the database is not beyond it.
            VersionUnknown: A newer program wrote the database.
            StorageUnavailable: It cannot be reached or written.
        """
        migrations.downgrade(self._database, to)

    def prepare_months(self) -> list[str]:
        """Make the partitions that the coming months need, where the database has any; give their names.

        Raises:
            StorageUnavailable: The database cannot be reached or written.
        """
        made: list[str] = []
        if self._database.url.get_backend_name() != "postgresql":
            return made
        while True:
            with self._database.writing() as connection:  # one at a time: whoever appends waits for it
                name = partitions.add_one(connection, self._clock())
            if name is None:
                return made
            made.append(name)
