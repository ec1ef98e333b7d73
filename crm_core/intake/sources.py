"""Connectors: CSV, Parquet and Excel files as chunks of rows that know their line numbers."""

from __future__ import annotations

import csv
import gzip
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
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
from crm_core.intake import chunks
from crm_core.intake.bounded import BoundedLines
from crm_core.intake.chunks import Chunk, Source
from crm_core.intake.encoding import detect_encoding
from crm_core.intake.json_records import open_json, open_json_lines
from crm_core.intake.mapping import Mapping
from crm_core.intake.report import Rejection

_FIELD_MAX = 1_000_000
_UNPACKED_MOST = 2 << 30  # bytes of a workbook
_TEXTS_MOST = 256 << 20  # bytes of its table of texts, which is held in memory
_TIMES_MOST = 200  # how often larger than the file; honest workbooks are some 10 times
_SMALL = 100 << 10  # bytes, below which a file may unpack to more
_FORMULA = ("'=", "'+", "'-", "'@", "'\t", "'\r")
REJECTED_MARK = "rejected_line"
"""First column of a file of rejected rows; in such a file the quote that guards formulas is taken off again."""


@contextmanager
def open_source(path: Path, mapping: Mapping | None = None) -> Iterator[Source]:
    """Open a file by its ending: `.csv`, `.tsv`, `.txt`, `.jsonl`, `.json` (each also `.gz`), `.parquet`, `.xlsx`.

    Raises:
        InvalidInput: There is no such file, its kind is not known, it is empty or damaged.
    """
    mapping = mapping or Mapping()
    if not path.is_file():
        raise InvalidInput("file", str(path), "is not there")
    if path.stat().st_size == 0:
        raise InvalidInput("file", str(path), "is empty")
    opener = _OPENERS.get(kind_of(path))
    if opener is None:
        raise InvalidInput("file", str(path), f"is of no kind that can be read: {', '.join(_OPENERS)}")
    with opener(path, mapping) as source:
        _check_heading(path, source.columns)
        yield source


def kind_of(path: Path) -> str:
    """Give the ending that tells what a file is, without `.gz`; empty when it cannot be read."""
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    return suffixes[-1] if suffixes and suffixes[-1] in _OPENERS else ""


@contextmanager
def _text(path: Path, mapping: Mapping) -> Iterator[Source]:
    encoding, rows = detect_encoding(path, mapping.encoding)
    csv.field_size_limit(_FIELD_MAX)
    with _open_text(path, encoding) as file:
        sample = file.read(65536)
        file.seek(0)
        lines = BoundedLines(file)
        reader = csv.reader(lines, delimiter=mapping.delimiter or _delimiter(sample))
        heading = [name.strip() for name in _heading(path, reader)]
        yield Source(heading, max(rows - 1, 0), lambda: _text_chunks(reader, lines, heading))


def _heading(path: Path, reader: Any) -> list[str]:
    try:
        return next(reader, [])
    except csv.Error as error:
        raise InvalidInput(str(path), "line 1", f"cannot be read: {error}") from error


def _text_chunks(reader: Any, lines: BoundedLines, heading: list[str]) -> Iterator[Chunk]:
    mended = REJECTED_MARK in heading
    while block := _block(reader, lines):
        whole = [(line, row) for line, row, reason in block if not reason and len(row) == len(heading)]
        malformed = [
            (Rejection(line, "", "", reason), []) if reason else _malformed(line, row, len(heading))
            for line, row, reason in block
            if reason or (row and len(row) != len(heading))
        ]
        values = zip(*(row for _, row in whole), strict=True) if whole else ([] for _ in heading)
        columns = {name: _strings(column, mended) for name, column in zip(heading, values, strict=True)}
        yield Chunk(columns, np.asarray([line for line, _ in whole], dtype=np.int64), malformed)


def _block(reader: Any, lines: BoundedLines) -> list[tuple[int, list[str], str]]:
    """Read some rows, each with the line that it begins on, and the reason why it cannot be read if so."""
    block: list[tuple[int, list[str], str]] = []
    while len(block) < chunks.CHUNK_ROWS:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:  # a quote that is not closed, as a rule: what it swallowed is this row
            block.append((line, [], "unreadable"))
            continue
        block.append((line, row, "line_too_long" if line in lines.too_long else ""))
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
    batches = file.iter_batches(batch_size=chunks.CHUNK_ROWS)
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
    _refuse_bomb(path)
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


def _refuse_bomb(path: Path) -> None:
    """Refuse a workbook that would fill memory or disk when it is unpacked (a "zip bomb")."""
    try:
        with zipfile.ZipFile(path) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
            texts = sum(part.file_size for part in parts.infolist() if part.filename.endswith("sharedStrings.xml"))
    except (zipfile.BadZipFile, OSError) as error:
        raise InvalidInput("file", str(path), f"is not a whole Excel workbook: {error}") from error
    if unpacked > _UNPACKED_MOST or texts > _TEXTS_MOST or unpacked > _TIMES_MOST * max(path.stat().st_size, _SMALL):
        raise InvalidInput("file", str(path), f"would take {unpacked >> 20} MB unpacked; as CSV it can be read")


def _excel_chunks(rows: Iterator[Any], heading: list[str]) -> Iterator[Chunk]:
    line, width = 2, len(heading)
    while block := list(islice(rows, chunks.CHUNK_ROWS)):
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


_OPENERS: dict[str, Any] = {
    **dict.fromkeys((".csv", ".tsv", ".txt"), _text),
    **dict.fromkeys((".jsonl", ".ndjson"), open_json_lines),
    ".json": open_json,
    **dict.fromkeys((".parquet", ".pq"), _parquet),
    **dict.fromkeys((".xlsx", ".xlsm"), _excel),
}
