"""The keys of the installation: whether they are the database's, and a new master key in the place of the old one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from crm_core.privacy import rights
from crm_core.records.people import Actor
from crm_core.storage import access_log
from crm_core.use_cases.context import Context


@dataclass(frozen=True, slots=True)
class Rotation:
    """What a rotation found and did."""

    keys: int  # of customers and conversations, all under the present master key now
    rewrapped: int  # of them in this run


class Keys:
    """The use cases of the installation's own keys.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def verify(self) -> None:
        """Check that the keys at hand are those that the database was written with.

        Raises:
            SettingsInvalid: They are not; nothing was read or written with them.
        """
        keys = self._context.keys
        with self._context.database.reading() as connection:
            if keys.verify(connection):
                return
        with self._context.database.writing() as connection:
            keys.note(connection)

    def present(self) -> bool:
        """Tell whether new keys are wrapped by the present master key; not so before a rotation to it."""
        with self._context.database.reading() as connection:
            return self._context.keys.wraps_with_present(connection)

    def rotate(self, *, actor: Actor, progress: Callable[[int, int], None] = lambda done, total: None) -> Rotation:
        """Wrap the keys of all customers and conversations with the present master key; no value is touched.

        It goes on where it was broken off, and others may read and write meanwhile.

        Args:
            actor: Who does it; the access log says so.
            progress: Is told how many keys are done, of how many.

        Raises:
            NotAllowed: The actor may not.
            SettingsInvalid: A key is wrapped by a master key that is not at hand; what was done until then stays.
        """
        rights.check(actor, "staff")
        keys, after, done, changed = self._context.keys, None, 0, 0
        with self._context.database.writing() as connection:
            total = keys.rotate(connection)
        while True:
            with self._context.database.writing() as connection:
                looked_at, rewrapped, after = keys.rewrap(connection, after)
            done, changed = done + looked_at, changed + rewrapped
            progress(done, total)
            if after is None:
                break
        with self._context.database.writing() as connection:
            hash_, at = keys.vault.blind_index, self._context.clock()
            access_log.append(connection, hash_, actor, "master_key_rotated", "keys", (str(changed),), at)
        return Rotation(done, changed)
