"""CSV that a spreadsheet opens safely.

A cell that begins with one of `= + - @`, tab or carriage return is read as a formula by spreadsheets; such cells get
an apostrophe before them (OWASP, CSV injection). Numbers are written as numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_BYTE_ORDER_MARK = "\ufeff"  # spreadsheets take a file without it for the local code page


def to_csv(header: Sequence[str], rows: Iterable[Sequence[str | int | float | None]]) -> bytes:
    """Write a table as CSV in UTF-8.

    Args:
        header: The column names.
        rows: The cells; None becomes an empty one.
    """
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([_safe(cell) for cell in header])
    writer.writerows([_safe(cell) for cell in row] for row in rows)
    return (_BYTE_ORDER_MARK + file.getvalue()).encode()


def _safe(cell: str | int | float | None) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA_STARTS):
        return "'" + cell
    return cell
