"""Erases a person, looks whether anything of them is left, and writes down what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from crm_core.privacy.needles import Needles, needles_of
from crm_core.records.people import Actor
from crm_core.records.privacy import Certificate, Left
from crm_core.storage import access_log, attachments, leftovers, personal_data
from crm_core.storage import privacy_requests as requests
from crm_core.use_cases.context import Context

Progress = Callable[[str], None]
_WRITTEN_BY_US = ("imports", "logs")  # folders of the home with lines that may tell of somebody


class Erasure:
    """One person's erasure.

    Args:
        context: The collaborators of the use cases.
        person: Every id that they have.
        actor: Who does it.
    """

    def __init__(self, context: Context, person: Sequence[str], actor: Actor) -> None:
        self._context = context
        self._person = person
        self._actor = actor
        self._files = attachments.Folder(context.settings.home / "attachments")

    def run(self, progress: Progress) -> Certificate:
        """Erase, look, and certify.

        Args:
            progress: Is told what is looked through.
        """
        at, database = self._context.clock(), self._context.database
        with database.writing() as connection:
            needles, files = self._what_there_is(connection)
            erased = personal_data.erase(connection, self._context.keys, self._person, at, needles)
            reference = requests.of_deed(connection, self._person, "erase", at)
        erased["files"] = sum(self._files.remove(file) for file in files)
        settings = self._context.settings
        told_of = [settings.home / folder for folder in _WRITTEN_BY_US]
        erased["values in files"] = sum(leftovers.blot_out(told_of, needles).values())
        database.compact(thoroughly=False)
        left, looked = self._look(needles, progress)
        if any(Path(one.place).name.startswith("rapport.db") for one in left):
            database.compact(thoroughly=True)
            left, looked = self._look(needles, progress)
        kept = self._kept()
        by = f"{self._actor.role} {self._actor.id}"
        certificate = Certificate(reference, at, by, self._person[0], erased, kept, looked, tuple(left))
        self._write_down(certificate)
        return certificate

    def _what_there_is(self, connection: sa.Connection) -> tuple[Needles, list[str]]:
        keys = self._context.keys
        known = personal_data.collect(connection, keys, self._person)
        talks, files = personal_data.places_of(connection, self._person)
        indexes = personal_data.indexes_of(connection, self._person)
        return needles_of(known, indexes, [*self._person, *talks]), files

    def _look(self, needles: Needles, progress: Progress) -> tuple[list[Left], dict[str, int]]:
        settings = self._context.settings
        with self._context.database.reading() as connection:
            left, looked = leftovers.in_tables(connection, needles, progress)
        roots = [settings.home, *([settings.models] if not settings.models.is_relative_to(settings.home) else [])]
        in_files, also = leftovers.in_files(roots, needles, progress)
        return left + in_files, looked | also

    def _kept(self) -> dict[str, int]:
        with self._context.database.reading() as connection:
            return personal_data.counts(connection, self._person)

    def _write_down(self, certificate: Certificate) -> None:
        said = certificate.said
        keys, at = self._context.keys, self._context.clock()
        with self._context.database.writing() as connection:
            requests.certify(connection, certificate.reference, said)
            fields = (certificate.reference, said["sha256"])
            access_log.append(
                connection, keys.vault.blind_index, self._actor, "customer_erased", self._person[0], fields, at
            )
