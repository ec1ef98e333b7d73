"""Takes a source chunk by chunk: cleaned, written, kept as it came, logged and counted."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from crm_core.errors import Conflict
from crm_core.intake.chunks import Chunk
from crm_core.intake.issues import Action
from crm_core.intake.refining import Refined
from crm_core.intake.report import ImportReport, Rejection
from crm_core.storage import bulk, cursors
from crm_core.use_cases import importing
from crm_core.use_cases.importing.originals import Originals
from crm_core.use_cases.importing.quality_log import QualityLog
from crm_core.use_cases.importing.writer import Run

_MENDED = (Action.REPAIRED, Action.DROPPED)


class Taker:
    """Takes the chunks of one run.

    Args:
        run: The run.
        key_id: Seals what is about nobody.
        location: Where the source's cursor is kept.
    """

    def __init__(self, run: Run, key_id: str, location: str) -> None:
        self._run = run
        self._location = location
        self._writer = importing.writer(run.report.entity, run)
        self._originals = Originals(run, key_id)
        self._log = QualityLog(run)
        self._chunks = 0

    def take(self, chunk: Chunk) -> dict[int, Rejection]:
        """Take a chunk in one transaction; give the rows that were rejected.

        Raises:
            Conflict: The same records are being written by somebody else.
            StorageUnavailable: The database cannot be written.
        """
        refined = self._run.refiner.refine(chunk)
        self._writer.check(chunk, refined)
        try:
            with self._run.context.database.writing(durable=False) as connection:  # the end makes it all durable
                bulk.prepare(connection)
                if self._chunks.bit_count() == 1:  # after the first, the second, the fourth … chunk
                    bulk.take_stock(connection)
                known = self._writer.write(connection, chunk, refined)
                kept = self._originals.keep(connection, chunk, refined.frame)
                self._log.add(connection, chunk, refined, kept, known)
                self._note(connection, chunk.cursor)
        except sa.exc.IntegrityError as error:
            raise Conflict("the same records are being written by somebody else: run the import again") from error
        self._chunks += 1
        _count(self._run.report, chunk, refined, known)
        return refined.rejections

    def finish(self) -> None:
        """Do what can only be done when every row is written."""
        self._writer.finish()

    def _note(self, connection: sa.Connection, cursor: str) -> None:
        if cursor:
            report, at = self._run.report, self._run.context.clock()
            cursors.put(connection, report.source, report.entity, self._location, cursor, at)


def _count(report: ImportReport, chunk: Chunk, refined: Refined, known: set[int]) -> None:
    """Add a chunk to the sums."""
    rejected = len(refined.rejections) + len(chunk.malformed)
    read = len(chunk) + len(chunk.malformed)
    out = refined.rejections.keys() | known
    mended = [issue for issue in refined.issues if issue.action in _MENDED and issue.at not in out]
    report.rows_read += read
    report.rejected += rejected
    report.known += len(known)
    report.accepted += read - rejected - len(known)
    report.repaired += len({issue.at for issue in mended})
    for rejection in refined.rejections.values():
        report.reasons["rejected"][rejection.reason] += 1
    for rejection, _ in chunk.malformed:
        report.reasons["rejected"][rejection.reason] += 1
    report.reasons["repaired"].update(Counter(code for code, _ in {(issue.code, issue.at) for issue in mended}))
    report.note("outlier", len({issue.at for issue in refined.issues if issue.action is Action.FLAGGED} - out))
