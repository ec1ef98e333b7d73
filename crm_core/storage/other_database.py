"""Connector for the rows of a query in any other SQL database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchModuleError, SQLAlchemyError

from crm_core.errors import InvalidInput, StorageUnavailable
from crm_core.intake import chunks
from crm_core.intake.chunks import Chunk, Part, Source
from crm_core.intake.mapping import Mapping
from crm_core.intake.report import Rejection

_CURSOR = "cursor"


class Query:
    """The rows of a query; with a cursor column, a second run takes only what is beyond the last value.

    The query is wrapped, never changed: `SELECT * FROM (query) WHERE column > last ORDER BY column`. Rows that share
    the last value with one already read would be lost, so the column must grow with every row (an id, not a day).

    Args:
        url: SQLAlchemy URL of the database.
        query: What is read; it is never written to.
        cursor_column: The column of the query's result that tells what is new; empty: everything is read each time.

    Raises:
        InvalidInput: The URL cannot be used.
    """

    def __init__(self, url: str, query: str, cursor_column: str = "") -> None:
        try:
            self._url = sa.make_url(url)
            self._url.get_dialect()
        except (sa.exc.ArgumentError, NoSuchModuleError, ImportError) as error:
            raise InvalidInput("url", url.split("://")[0], "names no database that can be read") from error
        if not query.strip():
            raise InvalidInput("query", query, "is empty: a database needs a query")
        self._query = query.strip().rstrip(";")
        self._column = cursor_column

    def parts(self) -> Iterator[Part]:
        """Give the query's rows."""
        shown = self._url.render_as_string(hide_password=True)
        named = hashlib.sha256(f"{shown}\0{self._query}\0{self._column}".encode()).hexdigest()[:16]
        yield Part(f"{self._url.database or self._url.host}: {self._query}"[:300], f"sql:{named}", self._open)

    @contextmanager
    def _open(self, _mapping: Mapping | None, cursor: str) -> Iterator[Source]:
        engine = sa.create_engine(self._url)
        try:
            with engine.connect().execution_options(yield_per=chunks.CHUNK_ROWS) as connection:
                result = connection.execute(*self._statement(connection, cursor))
                columns = list(result.keys())
                if self._column and self._column not in columns:
                    raise InvalidInput("cursor", self._column, f"is not a column of the query: {', '.join(columns)}")
                yield Source(columns, 0, lambda: self._chunks(result, columns), may_be_empty=bool(cursor))
        except DBAPIError as error:
            raise StorageUnavailable(f"{self._url.get_backend_name()} source: {error.orig}") from error
        except SQLAlchemyError as error:
            raise StorageUnavailable(f"{self._url.get_backend_name()} source: {error}") from error
        finally:
            engine.dispose()

    def _statement(self, connection: sa.Connection, cursor: str) -> tuple[sa.TextClause, dict[str, Any]]:
        if not self._column:
            return sa.text(self._query.replace(":", "\\:")), {}
        column = connection.dialect.identifier_preparer.quote_identifier(self._column)
        inner = self._query.replace(":", "\\:")
        after = f" WHERE {column} > :{_CURSOR}" if cursor else ""
        text = f"SELECT * FROM ({inner}) AS asked{after} ORDER BY {column}"  # noqa: S608 - the operator's own query
        return sa.text(text), {_CURSOR: _read(cursor)} if cursor else {}

    def _chunks(self, result: sa.CursorResult[Any], columns: list[str]) -> Iterator[Chunk]:
        line = 1
        for block in result.partitions():
            values = {name: _column([row[at] for row in block]) for at, name in enumerate(columns)}
            cursor = _written(block[-1][columns.index(self._column)]) if self._column else ""
            malformed: list[tuple[Rejection, list[str]]] = []
            yield Chunk(values, np.arange(line, line + len(block), dtype=np.int64), malformed, cursor)
            line += len(block)


def _column(values: list[Any]) -> np.ndarray[Any, np.dtype[Any]]:
    column = np.empty(len(values), dtype=object)
    column[:] = [str(value) if isinstance(value, UUID | Decimal | bytes) else value for value in values]
    return column


def _written(value: Any) -> str:
    kind = type(value).__name__ if isinstance(value, date | datetime) else ""
    return json.dumps([kind, value.isoformat()] if kind else ["", value], default=str)


def _read(cursor: str) -> Any:
    kind, value = json.loads(cursor)
    return {"datetime": datetime.fromisoformat, "date": date.fromisoformat}.get(kind, lambda same: same)(value)
