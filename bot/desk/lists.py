"""What the left column lists, read once for all desks that are open."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crm_core.crm import Crm
from crm_core.records.lists import Listed, Shelf, Wanted
from crm_core.records.people import Actor

T = TypeVar("T")
PAGE = 50
_RECENT = 8
_OF_ONE_AGENT = frozenset({Shelf.MINE, Shelf.OFFERED})


@dataclass(frozen=True, slots=True)
class View:
    """Which lists are shown: those of the day, or one of all the conversations in a state.

    Attributes:
        shelf: The list; None: those of the day.
        wanted: What it is narrowed to.
    """

    shelf: Shelf | None = None
    wanted: Wanted = field(default_factory=Wanted)

    @property
    def shelves(self) -> tuple[Shelf, ...]:
        """The lists, in the order in which they are shown."""
        if self.shelf is not None:
            return (self.shelf,)
        return (Shelf.OFFERED, Shelf.MINE, Shelf.WAITING, Shelf.OWED, Shelf.CLOSED)

    def limit(self, shelf: Shelf) -> int:
        """Give how many conversations of a list are shown."""
        return _RECENT if self.shelf is None and shelf is Shelf.CLOSED else PAGE


class SharedReading:
    """Lets pages that want the same at the same time read it together.

    Whoever asks gets what was read after they asked: a reading under way that began before is waited for, and then one
    more is made for all who have asked meanwhile.
    """

    def __init__(self) -> None:
        self._next: dict[Hashable, asyncio.Task[Any]] = {}
        self._running: dict[Hashable, asyncio.Task[Any]] = {}

    async def read(self, key: Hashable, call: Callable[[], T]) -> T:
        """Await a blocking call that gives the same for everybody who asks under this key."""
        task = self._next.get(key)
        if task is None:
            task = self._next[key] = asyncio.create_task(self._run(key, call))
        found: T = await asyncio.shield(task)
        return found

    async def _run(self, key: Hashable, call: Callable[[], T]) -> T:
        if before := self._running.get(key):
            await asyncio.wait([before])
        task = self._running[key] = self._next.pop(key)
        try:
            return await asyncio.to_thread(call)
        finally:
            if self._running.get(key) is task:
                del self._running[key]


async def read_lists(shared: SharedReading, crm: Crm, actor: Actor, view: View) -> dict[Shelf, list[Listed]]:
    """Read the lists of a view.

    Args:
        shared: Reads for all desks what is the same for all.
        crm: The library.
        actor: Who looks.
        view: Which lists.
    """

    async def one(shelf: Shelf) -> list[Listed]:
        def call() -> list[Listed]:
            return crm.lists.of(shelf, actor=actor, wanted=view.wanted, limit=view.limit(shelf))

        whose = actor.id if shelf in _OF_ONE_AGENT else actor.role
        return await shared.read((shelf, view.wanted, view.limit(shelf), whose), call)

    return {shelf: await one(shelf) for shelf in view.shelves}
