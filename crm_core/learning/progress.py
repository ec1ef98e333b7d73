"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then with what is done, what there is to do, and what is being worked at."""

    def __call__(self, done: float, total: float | None = None, what: str | None = None) -> None:
        """Take note of how far the work is."""


def quiet(done: float, total: float | None = None, what: str | None = None) -> None:
    """Listen to nothing: the default where nobody watches."""
