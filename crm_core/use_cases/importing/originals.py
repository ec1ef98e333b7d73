"""The rows of a source as they came: kept once, sealed under the key of whom they are about.

The rows of one subject in one chunk are one record, so that erasing a customer's key erases their rows, too. A record's
hash covers source, entity, lines and values: what comes again is recognised and kept once.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.intake.chunks import Chunk
from crm_core.intake.refining import AT, shown
from crm_core.storage import bulk, quality
from crm_core.use_cases.importing.writer import Run, customers_by_number, key_ids

Subject = tuple[str, str]
_SUBJECTS = ("customer_number", "email", "phone", "number")  # which field tells whom a row is about, the surest first
_NOBODY: Subject = ("", "")
_JSON = json.JSONEncoder(ensure_ascii=False, default=shown)  # made once: `json.dumps` makes one for each call


@dataclass(frozen=True, slots=True)
class _Group:
    """The rows of one subject in one chunk: their positions, and as JSON."""

    digest: str
    positions: list[int]
    first_line: int
    rows: int
    content: str


class Originals:
    """Keeps the rows of one run.

    Args:
        run: The run.
        key_id: Seals the rows that are about nobody, or about nobody known.
    """

    def __init__(self, run: Run, key_id: str) -> None:
        self._run = run
        self._key_id = key_id

    def keep(self, connection: sa.Connection, chunk: Chunk, frame: pd.DataFrame) -> Kept:
        """Keep a chunk's rows.

        Args:
            connection: The transaction in which they were written.
            chunk: The rows as they came.
            frame: Those that were taken, cleaned.
        """
        about = _subjects(frame, len(chunk))
        owners = self._owners(connection, set(about))
        key_of = key_ids(connection, self._run, owners.values())
        self._run.context.keys.prefetch(connection, list(key_of.values()))
        groups = self._groups(chunk, about)
        known = quality.known_hashes(connection, [group.digest for group in groups.values()])
        rows, fresh = [], np.zeros(len(chunk), dtype=bool)
        for subject, group in groups.items():
            if group.digest not in known:
                fresh[group.positions] = True
                rows.append(self._record(connection, owners.get(subject), key_of, group))
        quality.add_raw(connection, rows)
        odd = _NOBODY in groups and groups[_NOBODY].digest not in known
        customers = [owners.get(subject) for subject in about]
        return Kept(fresh, odd, customers, key_of, self._key_id)

    def _groups(self, chunk: Chunk, about: Sequence[Subject]) -> dict[Subject, _Group]:
        positions: dict[Subject, list[int]] = defaultdict(list)
        for at, subject in enumerate(about):
            positions[subject].append(at)
        if chunk.malformed:
            positions[_NOBODY] += []
        rows = list(zip(*(_plain(column) for column in chunk.columns.values()), strict=True))
        lines = chunk.lines.tolist()
        heading = f'{{"columns": {json.dumps(list(chunk.columns), ensure_ascii=False)}, '
        groups = {}
        for subject, places in positions.items():
            own = [lines[at] for at in places]
            body: dict[str, Any] = {"lines": own, "rows": [rows[at] for at in places]}
            if subject == _NOBODY and chunk.malformed:
                body["malformed"] = [[rejection.line, row] for rejection, row in chunk.malformed]
                own = own + [rejection.line for rejection, _ in chunk.malformed]
            content = heading + _JSON.encode(body)[1:]
            name = f"{self._run.source}\0{self._run.report.entity}\0{content}"
            digest = self._run.context.keys.vault.blind_index("raw", name)
            groups[subject] = _Group(digest, places, min(own), len(own), content)
        return groups

    def _record(
        self, connection: sa.Connection, owner: str | None, key_of: dict[str, str], group: _Group
    ) -> dict[str, Any]:
        key_id = key_of.get(owner or "", self._key_id)
        return {
            "id": new_id(),
            "import_id": self._run.report.id,
            "customer_id": owner if owner in key_of else None,
            "key_id": key_id,
            "content_hash": group.digest,
            "first_line": group.first_line,
            "rows": group.rows,
            "content_encrypted": self._run.context.keys.seal(connection, key_id, group.content),
            "received_at": self._run.started_at,
        }

    def _owners(self, connection: sa.Connection, subjects: set[Subject]) -> dict[Subject, str]:
        by_kind: dict[str, set[str]] = defaultdict(set)
        for kind, value in subjects:
            by_kind[kind].add(value)
        owners: dict[Subject, str] = {}
        for kind, values in by_kind.items():
            if kind:
                found = self._find(connection, kind, values)
                owners |= {(kind, value): owner for value, owner in found.items()}
        return owners

    def _find(self, connection: sa.Connection, kind: str, values: set[str]) -> dict[str, str]:
        if kind == "customer_number":
            return customers_by_number(connection, self._run, values)
        if kind == "number":
            found = bulk.orders_by_number(connection, self._run.source, values)
            return {number: row["customer_id"] for number, row in found.items() if row["customer_id"]}
        return bulk.find_customers(connection, self._run.context.keys, kind, values)


class Kept:
    """What came of keeping a chunk's rows.

    Attributes:
        fresh: For each row of the chunk whether it came for the first time.
        malformed: Whether the rows that do not fit the heading came for the first time.
    """

    def __init__(
        self, fresh: Any, malformed: bool, owners: list[str | None], key_of: dict[str, str], nobody: str
    ) -> None:
        self.fresh = fresh
        self.malformed = malformed
        self._owners = owners
        self._key_of = key_of
        self._nobody = nobody

    def owner(self, at: int) -> tuple[str | None, str]:
        """Give whose a row is (None: nobody's) and the key that seals what is said of it."""
        owner = self._owners[at] if at >= 0 else None
        return (owner, self._key_of[owner]) if owner in self._key_of else (None, self._nobody)


def _subjects(frame: pd.DataFrame, length: int) -> list[Subject]:
    about = [_NOBODY] * length
    kinds = [kind for kind in _SUBJECTS if kind in frame]
    if "customer_number" in kinds and "number" in kinds:
        kinds.remove("number")  # an order without a customer is a guest's
    for kind in reversed(kinds):
        for at, value in zip(frame[AT].tolist(), frame[kind].tolist(), strict=True):
            if value is not None and value == value:
                about[at] = (kind, value)
    return about


def _plain(column: Any) -> list[Any]:
    if column.dtype.kind == "M":
        return [None if text == "NaT" else text for text in column.astype("datetime64[us]").astype(str).tolist()]
    if column.dtype.kind == "f":
        return [None if value != value else value for value in column.tolist()]
    return list(column.tolist())
