"""Reading lines of which none takes more than a bounded amount of memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

LINE_MOST = 4_000_000  # characters


class BoundedLines(Iterator[str]):
    """The lines of a text; one that is too long becomes an empty line, and its number is noted.

    Args:
        file: An open text.
        most: Characters that a line may have.

    Attributes:
        too_long: The numbers of the lines that were too long.
    """

    def __init__(self, file: IO[str], most: int = LINE_MOST) -> None:
        self._file = file
        self._most = most
        self._number = 0
        self.too_long: set[int] = set()

    def __next__(self) -> str:
        self._number += 1
        line = self._file.readline(self._most + 1)
        if not line:
            raise StopIteration
        if len(line) <= self._most:
            return line
        self.too_long.add(self._number)
        while line and not line.endswith(("\n", "\r")):
            line = self._file.readline(self._most)
        return "\n"
