"""Connectors: CSV, Parquet and Excel files as chunks of rows that know their line numbers."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl.utils.exceptions import InvalidFileException

from crm_core.errors import InvalidInput
from crm_core.intake.encoding import detect_encoding
from crm_core.intake.mapping import Mapping
from crm_core.intake.report import Rejection

CHUNK_ROWS = 20_000
_FIELD_MAX = 1_000_000
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")
REJECTED_MARK = "rejected_line"
"""First column of a file of rejected rows; in such a file the quote that guards formulas is taken off again."""


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file.

    Attributes:
        columns: The file's column → its values; all of one length.
        lines: The line of each row.
        malformed: Rows that do not have as many fields as the heading.
    """

    columns: dict[str, np.ndarray[Any, np.dtype[Any]]]
    lines: np.ndarray[Any, np.dtype[np.int64]]
    malformed: list[tuple[Rejection, list[str]]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class Source:
    """An opened file.

    Attributes:
        columns: The names in its heading.
        rows: About how many rows it has.
        chunks: Gives its rows, a bounded number at a time.
    """

    columns: list[str]
    rows: int
    chunks: Callable[[], Iterator[Chunk]]


@contextmanager
def open_source(path: Path, mapping: Mapping | None = None) -> Iterator[Source]:
    """Open a file by its ending: `.csv`, `.tsv`, `.txt` (each also `.gz`), `.parquet`, `.xlsx`.

    Raises:
        InvalidInput: There is no such file, its kind is not known, it is empty or damaged.
    """
    mapping = mapping or Mapping()
    if not path.is_file():
        raise InvalidInput("file", str(path), "is not there")
    if path.stat().st_size == 0:
        raise InvalidInput("file", str(path), "is empty")
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    kind = suffixes[-1] if suffixes else ""
    if kind in (".parquet", ".pq"):
        opener: Any = _parquet
    elif kind in (".xlsx", ".xlsm"):
        opener = _excel
    elif kind in (".csv", ".tsv", ".txt"):
        opener = _text
    else:
        raise InvalidInput("file", str(path), "is neither CSV, Parquet nor Excel (.csv, .csv.gz, .parquet, .xlsx)")
    with opener(path, mapping) as source:
        _check_heading(path, source.columns)
        yield source


@contextmanager
def _text(path: Path, mapping: Mapping) -> Iterator[Source]:
    encoding, rows = detect_encoding(path, mapping.encoding)
    csv.field_size_limit(_FIELD_MAX)
    with _open_text(path, encoding) as file:
        sample = file.read(65536)
        file.seek(0)
        reader = csv.reader(file, delimiter=mapping.delimiter or _delimiter(sample))
        heading = [name.strip() for name in next(reader, [])]
        yield Source(heading, max(rows - 1, 0), lambda: _text_chunks(path, reader, heading))


def _text_chunks(path: Path, reader: Any, heading: list[str]) -> Iterator[Chunk]:
    mended = REJECTED_MARK in heading
    while block := _block(path, reader):
        whole = [(line, row) for line, row in block if len(row) == len(heading)]
        malformed = [_malformed(line, row, len(heading)) for line, row in block if row and len(row) != len(heading)]
        values = zip(*(row for _, row in whole), strict=True) if whole else ([] for _ in heading)
        columns = {name: _strings(column, mended) for name, column in zip(heading, values, strict=True)}
        yield Chunk(columns, np.asarray([line for line, _ in whole], dtype=np.int64), malformed)


def _block(path: Path, reader: Any) -> list[tuple[int, list[str]]]:
    """Read some rows, each with the line that it begins on."""
    block = []
    line = reader.line_num + 1
    try:
        for row in islice(reader, CHUNK_ROWS):
            block.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise InvalidInput(str(path), f"line {line}", f"cannot be read: {error}") from error
    return block


def _malformed(line: int, row: list[str], width: int) -> tuple[Rejection, list[str]]:
    reason = "too_few_fields" if len(row) < width else "too_many_fields"
    return Rejection(line, "", f"{len(row)} / {width}", reason), row[:width]


def _strings(values: Any, mended: bool) -> np.ndarray[Any, np.dtype[Any]]:
    if mended:
        values = [value[1:] if value.startswith(_FORMULA) else value for value in values]
    return np.asarray(values, dtype=object)


def _open_text(path: Path, encoding: str) -> IO[str]:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding=encoding, newline="")
    return path.open(encoding=encoding, newline="")


def _delimiter(sample: str) -> str:
    """Give the sign that stands most often in the first line."""
    first = sample.split("\n", 1)[0]
    return max((",", ";", "\t", "|"), key=first.count)


@contextmanager
def _parquet(path: Path, _mapping: Mapping) -> Iterator[Source]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise InvalidInput("file", str(path), f"is not a whole Parquet file: {error}") from error
    with file:
        yield Source(list(file.schema_arrow.names), file.metadata.num_rows, lambda: _parquet_chunks(path, file))


def _parquet_chunks(path: Path, file: Any) -> Iterator[Chunk]:
    line = 2
    batches = file.iter_batches(batch_size=CHUNK_ROWS)
    while True:
        try:
            batch = next(batches, None)
        except (pa.ArrowInvalid, OSError) as error:
            raise InvalidInput(str(path), f"line {line}", f"the Parquet file is damaged: {error}") from error
        if batch is None:
            return
        columns = {
            name: np.asarray(column.to_numpy(zero_copy_only=False))
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        yield Chunk(columns, np.arange(line, line + batch.num_rows, dtype=np.int64))
        line += batch.num_rows


@contextmanager
def _excel(path: Path, mapping: Mapping) -> Iterator[Source]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise InvalidInput("file", str(path), f"is not a whole Excel workbook: {error}") from error
    try:
        if mapping.sheet and mapping.sheet not in book.sheetnames:
            raise InvalidInput("file.sheet", mapping.sheet, f"is not a sheet of {path}: {', '.join(book.sheetnames)}")
        sheet = book[mapping.sheet or book.sheetnames[0]]
        rows = sheet.iter_rows(values_only=True)
        heading = [str(name).strip() if name is not None else "" for name in next(rows, ())]
        while heading and not heading[-1]:
            heading.pop()
        yield Source(heading, max((sheet.max_row or 1) - 1, 0), lambda: _excel_chunks(rows, heading))
    finally:
        book.close()


def _excel_chunks(rows: Iterator[Any], heading: list[str]) -> Iterator[Chunk]:
    line, width = 2, len(heading)
    while block := list(islice(rows, CHUNK_ROWS)):
        kept = [(at, row[:width]) for at, row in enumerate(block, line) if any(cell is not None for cell in row)]
        line += len(block)
        if kept:
            table = pd.DataFrame([row for _, row in kept], columns=range(width), dtype=object)
            columns = {name: table[at].to_numpy(dtype=object) for at, name in enumerate(heading)}
            yield Chunk(columns, np.asarray([at for at, _ in kept], dtype=np.int64))


def _check_heading(path: Path, columns: list[str]) -> None:
    if not any(columns):
        raise InvalidInput("file", str(path), "has no heading")
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise InvalidInput(str(path), twice[0], "stands twice in the heading (line 1)")
