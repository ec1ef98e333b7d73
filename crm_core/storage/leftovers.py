"""Looks for values of a person in every row of every table and every byte of files, and blots them out in files."""

from __future__ import annotations

import json
import mmap
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from crm_core.privacy.needles import Needles
from crm_core.records.privacy import CERTIFICATES, Left
from crm_core.storage.tables import metadata

Progress = Callable[[str], None]
_AT_ONCE = 2000  # rows
_PUBLIC = frozenset({"articles", "article_changes", "products", "canned_replies"})  # written for everybody
_DATABASES = (".db", ".db-wal", ".db-shm", ".db-journal")


def in_tables(connection: sa.Connection, needles: Needles, progress: Progress) -> tuple[list[Left], dict[str, int]]:
    """Look through every table of the database, those that are not ours included.

    Args:
        connection: Open for reading.
        needles: What to look for; ids are not, as they say nothing without a name.
        progress: Is told each table's name.

    Returns:
        What is there, and how many tables and rows were read.
    """
    left: list[Left] = []
    rows = 0
    inspector = sa.inspect(connection)
    names = sorted(inspector.get_table_names())
    for name in names:
        progress(name)
        table = metadata.tables.get(name)
        if table is None:
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
        times: Counter[tuple[str, str]] = Counter()
        for row in _rows(connection, table):
            rows += 1
            for column, cell in row.items():
                found = needles.in_text(_text(cell), said=name not in _PUBLIC)
                times += Counter({(column, what): n for what, n in found.items()})
        left += [Left(f"{name}.{column}", what, n) for (column, what), n in sorted(times.items())]
    return left, {"tables": len(names), "rows": rows}


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[sa.RowMapping]:
    with connection.execute(sa.select(table).execution_options(yield_per=_AT_ONCE)) as result:
        yield from result.mappings()


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell if "\\u" not in cell else cell + _unescaped(cell)
    if isinstance(cell, bytes | memoryview):
        return bytes(cell).decode("utf-8", "ignore")
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else ""


def _unescaped(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return ""


def in_files(roots: Iterable[Path], needles: Needles, progress: Progress) -> tuple[list[Left], dict[str, int]]:
    """Look through every file below some folders.

    Args:
        roots: The folders.
        needles: What to look for; ids too, but not in our own database, where they stay without a name.
        progress: Is told each file's name.

    Returns:
        What is there, and how many files and bytes were read.
    """
    left: list[Left] = []
    files = size = 0
    with_ids, without = needles.in_bytes(ids=True), needles.in_bytes(ids=False)
    for path in _files(roots):
        progress(path.name)
        files, size = files + 1, size + path.stat().st_size
        patterns = without if path.name.startswith("rapport.db") else with_ids
        for what, pattern in patterns:
            if times := sum(1 for _ in _found(path, pattern)):
                left.append(Left(str(path), what, times))
    return left, {"files": files, "bytes": size}


def blot_out(roots: Iterable[Path], needles: Needles) -> dict[str, int]:
    """Overwrite what is found in files with stars, in place, so that a process that writes to one goes on undisturbed.

    Databases are left alone.

    Returns:
        How often in which file.
    """
    blotted: dict[str, int] = {}
    patterns = needles.in_bytes(ids=True)
    for path in _files(roots):
        if path.name.endswith(_DATABASES):
            continue
        spans = sorted({span for _, pattern in patterns for span in _found(path, pattern)})
        if spans:
            with path.open("r+b") as file:
                for start, end in spans:
                    file.seek(start)
                    file.write(b"*" * (end - start))
            blotted[str(path)] = len(spans)
    return blotted


def _files(roots: Iterable[Path]) -> Iterator[Path]:
    for root in roots:
        for path in sorted(root.rglob("*")) if root.is_dir() else ():
            if path.is_file() and not path.is_symlink() and path.parent.name != CERTIFICATES:
                yield path


def _found(path: Path, pattern: Any) -> Iterator[tuple[int, int]]:
    try:
        if not path.stat().st_size:
            return
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            yield from [found.span() for found in pattern.finditer(content)]
    except FileNotFoundError:
        return  # gone meanwhile
