"""The file of rejected rows: why each was rejected, and the row itself, to be mended and imported again."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from crm_core.intake.chunks import Chunk
from crm_core.intake.refining import shown
from crm_core.intake.report import Rejection
from crm_core.intake.sources import REJECTED_MARK
from crm_core.intake.wording import reason_words

_HEADING = (REJECTED_MARK, "rejected_column", "rejected_value", "rejected_reason")
_NUMBER = re.compile(r"[+-]?\d[\d.,]*")


class RejectsFile:
    """Writes rejected rows as they come; no file is made while there are none.

    Cells that a spreadsheet would run as a formula get a quote before them (OWASP, CSV injection); the connector
    takes it off again when the mended file is imported.

    Args:
        path: Where the file goes.
        columns: The source's own columns.
        language: The language of the reasons.
    """

    def __init__(self, path: Path, columns: list[str], language: str) -> None:
        self.path = path
        self._skipped = sum(name in _HEADING for name in columns)
        self._columns = [name for name in columns if name not in _HEADING]
        self._language = language
        self._file: IO[str] | None = None
        self._writer: Any = None

    def __enter__(self) -> RejectsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def written(self) -> Path | None:
        """The file, or None when nothing was rejected."""
        return self.path if self._file is not None else None

    def add(self, rejection: Rejection, row: list[Any]) -> None:
        """Write one rejected row; `row` has the values of the source's columns, in their order."""
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            self._writer = csv.writer(self._file)
            self._writer.writerow([*_HEADING, *self._columns])
        words = reason_words(self._language, rejection.reason)
        cells = [rejection.line, rejection.column, rejection.value, words, *(shown(value) for value in row)]
        self._writer.writerow([safe_cell(str(cell)) for cell in cells])

    def add_from(self, chunk: Chunk, rejections: dict[int, Rejection]) -> None:
        """Write the rejected rows of a chunk."""
        for rejection, row in chunk.malformed:
            self.add(rejection, row[self._skipped :])
        for at, rejection in sorted(rejections.items()):
            self.add(rejection, [chunk.columns[name][at] for name in self._columns])


def safe_cell(text: str) -> str:
    """Put a quote before what a spreadsheet would run as a formula; plain numbers stay as they are."""
    if text[:1] in ("=", "+", "-", "@", "\t", "\r") and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text
