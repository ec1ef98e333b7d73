"""Connector for JSON Lines, and for JSON documents that hold a list: social posts, reviews, chat exports.

Nested objects become columns with dotted names (`author.email`); lists stay JSON text.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from crm_core.errors import InvalidInput
from crm_core.intake import chunks
from crm_core.intake.bounded import LINE_MOST, BoundedLines
from crm_core.intake.chunks import Chunk, Source
from crm_core.intake.encoding import detect_encoding
from crm_core.intake.mapping import Mapping
from crm_core.intake.report import Rejection

_DOCUMENT_MOST = 256 << 20  # bytes of one JSON document, which must be held in memory as a whole
Record = tuple[int, dict[str, Any] | None, str]  # line, its fields or None, what stands there


@contextmanager
def open_json_lines(path: Path, mapping: Mapping) -> Iterator[Source]:
    """Open a file with a JSON object on each line."""
    encoding, rows = detect_encoding(path, mapping.encoding)
    with _text(path, encoding) as file:
        yield _source(path, _lines(BoundedLines(file)), rows)


@contextmanager
def open_json(path: Path, mapping: Mapping) -> Iterator[Source]:
    """Open a JSON document: a list of objects, or an object in which `file.records` names the list (`data.posts`)."""
    if path.stat().st_size > _DOCUMENT_MOST:
        raise InvalidInput("file", str(path), "is too large for one JSON document: write it as JSON Lines (.jsonl)")
    encoding, _ = detect_encoding(path, mapping.encoding)
    try:
        with _text(path, encoding) as file:
            content = json.loads(file.read(_DOCUMENT_MOST))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidInput("file", str(path), f"is not a JSON document: {error}") from error
    for step in filter(None, mapping.records.split(".")):
        content = content.get(step) if isinstance(content, dict) else None
    if not isinstance(content, list):
        where = f"file.records: {mapping.records}" if mapping.records else "the document (file.records says where)"
        raise InvalidInput("file", str(path), f"holds no list of records in {where}")
    found = ((at, one if isinstance(one, dict) else None, str(one)[:80]) for at, one in enumerate(content, 1))
    yield _source(path, found, len(content))


def _text(path: Path, encoding: str) -> IO[str]:
    return gzip.open(path, "rt", encoding=encoding) if path.suffix.lower() == ".gz" else path.open(encoding=encoding)


def _lines(lines: BoundedLines) -> Iterator[Record]:
    for number, line in enumerate(lines, 1):
        if number in lines.too_long:
            yield number, None, f"> {LINE_MOST}"
        elif line.strip():
            try:
                content = json.loads(line)
            except (ValueError, RecursionError):
                content = None
            yield number, content if isinstance(content, dict) else None, line[:80].strip()


def _source(path: Path, records: Iterator[Record], rows: int) -> Source:
    first = list(islice(records, chunks.CHUNK_ROWS))
    columns: dict[str, None] = {}
    for _, fields, _ in first:
        columns |= dict.fromkeys(_flat(fields or {}))
    if first and not columns:
        raise InvalidInput(str(path), f"line {first[0][0]}", "is not a JSON object")
    return Source(list(columns), rows, lambda: _chunks(chain(first, records), list(columns)))


def _chunks(records: Iterator[Record], columns: list[str]) -> Iterator[Chunk]:
    while block := list(islice(records, chunks.CHUNK_ROWS)):
        whole = [(line, _flat(fields)) for line, fields, _ in block if fields is not None]
        bad = [(Rejection(line, "", text, "not_json"), [text]) for line, fields, text in block if fields is None]
        values = {name: _column([fields.get(name) for _, fields in whole]) for name in columns}
        yield Chunk(values, np.asarray([line for line, _ in whole], dtype=np.int64), bad)


def _column(values: list[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def _flat(fields: dict[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, dict) and value:
            found |= _flat(value, f"{before}{name}.")
        elif isinstance(value, dict | list):
            found[f"{before}{name}"] = json.dumps(value, ensure_ascii=False)
        else:
            found[f"{before}{name}"] = value
    return found
