"""A loaded model that changes itself when `rapport train` makes another version live."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from crm_core.learning.registry import Registry

Loaded = TypeVar("Loaded")


class Latest(Generic[Loaded]):
    """Loads a task's live model at first use and again after it has been replaced; safe between threads.

    Args:
        models: The folder of the registry.
        task: The capability.
        load: What reads the live model from the folder, e.g. `crm_core.feedback.load`.
    """

    def __init__(self, models: Path, task: str, load: Callable[[Path], Loaded]) -> None:
        self._registry = Registry(models)
        self._task = task
        self._load = load
        self._lock = threading.Lock()
        self._held: tuple[int, Loaded] | None = None

    def get(self) -> Loaded:
        """Give the live model.

        Raises:
            ModelNotTrained: There is none yet.
        """
        stamp = self._registry.stamp(self._task)
        held = self._held
        if held is not None and held[0] == stamp:
            return held[1]
        with self._lock:
            if self._held is None or self._held[0] != stamp:
                self._held = (stamp, self._load(self._registry.models))
            return self._held[1]
