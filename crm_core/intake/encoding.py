"""Which encoding a text file is in."""

from __future__ import annotations

import codecs
import gzip
import zlib
from pathlib import Path
from typing import IO, cast

from crm_core.errors import InvalidInput

_BLOCK = 1 << 20
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_TRIED = ("utf-8", "gb18030")


def detect_encoding(path: Path, given: str = "") -> tuple[str, int]:
    """Find out the encoding of a file by its mark or by reading all of it, and count its lines on the way.

    Args:
        path: The file; `.gz` is unpacked.
        given: What the mapping says; then only this is tried.

    Returns:
        The encoding's name and the number of lines.

    Raises:
        InvalidInput: The file is damaged, or is in none of UTF-8, UTF-16 and GB 18030.
    """
    try:
        candidates = [given] if given else _candidates(path)
        for name in candidates:
            lines = _decode(path, name)
            if lines is not None:
                return name, lines
    except LookupError:
        raise InvalidInput("file.encoding", given, "is not an encoding") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InvalidInput("file", str(path), f"cannot be unpacked: {error}") from error
    raise InvalidInput("file", str(path), f"is not text in {' or '.join(candidates)}")


def _candidates(path: Path) -> list[str]:
    with _open(path) as file:
        head = file.read(4)
    marked = [name for mark, name in _MARKS if head.startswith(mark)]
    return marked or list(_TRIED)


def _decode(path: Path, name: str) -> int | None:
    """Count the lines of a file, or give None when it is not in this encoding."""
    decoder = codecs.getincrementaldecoder(name)()
    lines = 0
    try:
        with _open(path) as file:
            while block := file.read(_BLOCK):
                lines += decoder.decode(block).count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return lines


def _open(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")
