"""How long work tells how far it is, without knowing who listens."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then with the step's code (`task.step`), what is done and what there is to do."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Take note of how far the work is."""


def quiet(step: str, done: int, total: int) -> None:
    """Listen to nothing: the default where nobody watches."""
