"""Bringing a shop's customers, products, orders, feedback and browsing into the database."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from crm_core.clock import new_id
from crm_core.errors import InvalidInput
from crm_core.intake import demo
from crm_core.intake.entities import Entity, entity
from crm_core.intake.report import ImportReport
from crm_core.storage import cursors
from crm_core.storage import imports as storage
from crm_core.use_cases.context import Context

if TYPE_CHECKING:  # pandas, pyarrow and pandera are loaded by the first import, not by every process
    from crm_core.intake.chunks import Connector, Part, Source
    from crm_core.intake.mapping import Mapping
    from crm_core.intake.refining import Refiner
    from crm_core.intake.rejects import RejectsFile
    from crm_core.use_cases.importing.taker import Taker

_MAY_CHANGE_PRODUCTS = ("products", "order_items")  # lines may name products that are made for them
_DEMO_STEPS = 100  # the share of the bar that each file of the demo shop gets


class Progress(Protocol):
    """Is told how far something is."""

    def __call__(self, done: float, total: float | None = None, what: str | None = None) -> object:
        """Take note that `done` of `total` is done."""


def _silent(done: float, total: float | None = None, what: str | None = None) -> None:
    pass


class Intake:
    """Imports files.

    Args:
        context: The collaborators.
        load_articles: Loads the knowledge articles of a folder.
        publish_products: Tells the assistant the names of the products.
    """

    def __init__(
        self, context: Context, load_articles: Callable[[Path], int], publish_products: Callable[[], None]
    ) -> None:
        self._context = context
        self._load_articles = load_articles
        self._publish_products = publish_products

    def run(
        self,
        path: Path,
        entity_name: str,
        mapping: Path | Mapping | None = None,
        source: str = "import",
        progress: Progress | None = None,
        *,
        shift: timedelta = timedelta(0),
    ) -> ImportReport:
        """Import a file; importing the same again adds nothing.

        Rows are taken in chunks, each in a transaction of its own: what was taken stays when a later chunk fails,
        and running the import again goes on from there.

        Args:
            path: A CSV, Parquet or Excel file.
            entity_name: What its rows are: `customers`, `products`, `orders`, `order_items`, `feedback`, `events`.
            mapping: A mapping file or a mapping; without one, columns named like our fields are taken.
            source: The name under which numbers and ids of this shop are known; two sources never mix.
            progress: Is told how far it is.
            shift: Moves every moment by this.

        Raises:
            InvalidInput: The file or the mapping cannot be used; the message says where and why.
            StorageUnavailable: The database cannot be written.
            Conflict: Another import of the same records runs at this moment.
        """
        from crm_core.intake.folders import File

        (report,) = self.run_all(File(path), entity_name, mapping, source, progress, shift=shift)
        return report

    def run_all(
        self,
        connector: Connector,
        entity_name: str,
        mapping: Path | Mapping | None = None,
        source: str = "import",
        progress: Progress | None = None,
        *,
        shift: timedelta = timedelta(0),
    ) -> Iterator[ImportReport]:
        """Import what is new in each part of a source: the files of a folder, the rows of a query, a mailbox.

        A part that cannot be read keeps none of the others from being read; its error is raised at the end.

        Args:
            connector: Gives the parts.
            entity_name: What the rows are.
            mapping: A mapping file or a mapping, for every part.
            source: The name under which numbers and ids of this source are known.
            progress: Is told how far each part is.
            shift: Moves every moment by this.

        Yields:
            What was done with each part that was read.

        Raises:
            InvalidInput: A part or the mapping cannot be used; the message says where and why.
            StorageUnavailable: The database, or the source, cannot be reached. What came before stays.
            Conflict: Another import of the same records runs at this moment.
        """
        from crm_core.intake.mapping import read_mapping

        kind = entity(entity_name)
        given = read_mapping(mapping, kind) if isinstance(mapping, Path) else mapping
        failed: list[InvalidInput] = []
        for part in connector.parts():
            cursor = self._cursor(source, kind, part)
            if part.digest and part.digest == cursor and not part.again:
                continue
            try:
                yield self._read(part, kind, given, ImportReport(new_id(), kind.name, source, part.name), cursor,
                                 progress or _silent, shift)  # fmt: skip
            except InvalidInput as error:
                failed.append(error)
        if failed:
            raise failed[0]
        if kind.name in _MAY_CHANGE_PRODUCTS:
            self._publish_products()

    def _read(
        self,
        part: Part,
        kind: Entity,
        given: Mapping | None,
        report: ImportReport,
        cursor: str,
        progress: Progress,
        shift: timedelta,
    ) -> ImportReport:
        from crm_core.intake.mapping import resolve
        from crm_core.intake.refining import Refiner

        started = time.perf_counter()
        with part.open(given, cursor) as opened:
            resolved = resolve(given, kind, opened.columns, part.name)
            refiner = Refiner(kind, resolved, shift)
            key_id = self._start(report, part)
            taker = self._taker(report, resolved, refiner, key_id, part.location)
            with self._rejects(report, opened.columns) as rejects:
                self._take_all(opened, taker, report, rejects, progress)
            report.rejects = rejects.written
            taker.finish()
        report.seconds = time.perf_counter() - started
        self._finish(report, part)
        return report

    def _cursor(self, source: str, kind: Entity, part: Part) -> str:
        with self._context.database.reading() as connection:
            return cursors.get(connection, source, kind.name, part.location)

    def load_demo(self, progress: Progress | None = None) -> list[ImportReport]:
        """Load the demo shop, its dates moved so that the newest order is from yesterday, and its articles."""
        folder = self._context.settings.data / "demo"
        shift = demo.shift_to(folder, self._context.clock())
        files = demo.demo_files(folder)
        tell = progress or _silent
        reports = []
        for step, (name, path) in enumerate(files):
            part = _Part(tell, step * _DEMO_STEPS, (len(files) + 1) * _DEMO_STEPS, name)
            reports.append(self.run(path, name, None, demo.SOURCE, part, shift=shift))
        articles = self._context.settings.data / "knowledge"
        if articles.is_dir():
            self._load_articles(articles)
        total = (len(files) + 1) * _DEMO_STEPS
        tell(total, total, None)
        return reports

    def is_empty(self) -> bool:
        """Tell whether nothing of a shop is in the database yet."""
        with self._context.database.reading() as connection:
            return storage.is_empty(connection)

    def suggest(self, connector: Connector, entity_name: str) -> dict[str, Any]:
        """Propose a mapping for a source, by names and values, for a person to look over.

        Returns:
            What a mapping file holds.

        Raises:
            InvalidInput: The source cannot be read or holds nothing.
        """
        from crm_core.intake.suggesting import suggest

        kind = entity(entity_name)
        for part in connector.parts():
            with part.open(None, "") as opened:
                chunk = next(iter(opened.chunks()), None)
                if chunk is None:
                    return suggest(kind, dict.fromkeys(opened.columns, ()))
                return suggest(kind, {name: chunk.values(name) for name in chunk.columns})
        raise InvalidInput("source", connector, "holds nothing")

    def latest(self, limit: int = 20) -> list[dict[str, Any]]:
        """Give the newest imports, newest first."""
        with self._context.database.reading() as connection:
            return storage.latest(connection, limit)

    def _taker(self, report: ImportReport, mapping: Mapping, refiner: Refiner, key_id: str, location: str) -> Taker:
        from crm_core.intake.chunks import CHUNK_ROWS
        from crm_core.use_cases.importing.taker import Taker
        from crm_core.use_cases.importing.writer import Run

        moment, context = self._context.clock(), self._context.for_many(2 * CHUNK_ROWS)  # old and new ones of a chunk
        run = Run(context, report.source, mapping, refiner, report, moment, since=report.id)
        return Taker(run, key_id, location)

    def _take_all(
        self,
        opened: Source,
        taker: Taker,
        report: ImportReport,
        rejects: RejectsFile,
        progress: Progress,
    ) -> None:
        for chunk in opened.chunks():
            rejects.add_from(chunk, taker.take(chunk))
            progress(report.rows_read, max(opened.rows, report.rows_read), None)
        if not report.rows_read and not opened.may_be_empty:
            raise InvalidInput("file", report.file, "has a heading and no rows")

    def _start(self, report: ImportReport, part: Part) -> str:
        """Note that it begins; give the key that seals what is about nobody."""
        row = {
            "id": report.id,
            "source": report.source,
            "entity": report.entity,
            "file_name": part.name[-300:],
            "file_sha256": part.digest,
            "started_at": self._context.clock(),
        }
        with self._context.database.writing() as connection:
            key_id = self._context.keys.create(connection)
            storage.start(connection, row | {"key_id": key_id})
        return key_id

    def _finish(self, report: ImportReport, part: Part) -> None:
        counts = ("rows_read", "accepted", "rejected", "repaired", "known")
        reasons = {name: dict(counter) for name, counter in report.reasons.items()}
        row = {name: getattr(report, name) for name in counts}
        at = self._context.clock()
        with self._context.database.writing() as connection:
            storage.finish(connection, report.id, row | {"reasons": reasons, "finished_at": at})
            if part.digest:
                cursors.put(connection, report.source, report.entity, part.location, part.digest, at)

    def _rejects(self, report: ImportReport, columns: list[str]) -> RejectsFile:
        from crm_core.intake.rejects import RejectsFile

        path = self._context.settings.home / "imports" / report.id / "rejected.csv"
        return RejectsFile(path, columns, self._context.settings.language)


class _Part:
    """A part of a longer way."""

    def __init__(self, tell: Progress, begin: float, total: float, what: str) -> None:
        self._tell, self._begin, self._total, self._what = tell, begin, total, what

    def __call__(self, done: float, total: float | None = None, what: str | None = None) -> None:
        share = done / total if total else 0.0
        self._tell(self._begin + share * _DEMO_STEPS, self._total, what or self._what)
