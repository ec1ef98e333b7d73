"""The contract of every connector: parts of a source, each a heading and rows in chunks that know their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from crm_core.intake.mapping import Mapping
from crm_core.intake.report import Rejection

CHUNK_ROWS = 20_000


@dataclass(frozen=True)
class Chunk:
    """Some rows of a source.

    Attributes:
        columns: The source's column → its values; all of one length.
        lines: The line of each row.
        malformed: Rows that do not have as many fields as the heading.
        cursor: Up to where the source is read with this chunk; empty where it does not say.
    """

    columns: dict[str, np.ndarray[Any, np.dtype[Any]]]
    lines: np.ndarray[Any, np.dtype[np.int64]]
    malformed: list[tuple[Rejection, list[str]]] = field(default_factory=list)
    cursor: str = ""

    def __len__(self) -> int:
        return len(self.lines)

    def values(self, name: str) -> list[Any]:
        """Give a column's values as plain Python has them; moments stay NumPy's."""
        column = self.columns[name]
        return list(column) if column.dtype.kind == "M" else list(column.tolist())


@dataclass(frozen=True)
class Source:
    """An opened part of a source.

    Attributes:
        columns: The names in its heading.
        rows: About how many rows it has; 0 where it cannot tell.
        chunks: Gives its rows, a bounded number at a time.
        may_be_empty: Whether no rows are nothing new, instead of a mistake.
    """

    columns: list[str]
    rows: int
    chunks: Callable[[], Iterator[Chunk]]
    may_be_empty: bool = False


@dataclass(frozen=True)
class Part:
    """One thing that a connector reads: a file, the rows of a query, a mailbox.

    Attributes:
        name: What reports call it.
        location: Where it is; its cursor is kept under this. No secrets.
        open: Opens it, given the mapping and the cursor of the last run (empty at first).
        digest: What it holds in short; a part with the same digest as its cursor is not read. Empty where unknown.
        again: Read it in any case.
    """

    name: str
    location: str
    open: Callable[[Mapping | None, str], AbstractContextManager[Source]]
    digest: str = ""
    again: bool = False


class Connector(Protocol):
    """Gives the parts of a source."""

    def parts(self) -> Iterable[Part]:
        """Give the parts, in the order in which they are to be read.

        Raises:
            InvalidInput: There is nothing to read there.
        """
