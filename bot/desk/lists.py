"""What the left column lists, read once for all desks that are open."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from bot.gateway.push import Event
from crm_core.crm import Crm
from crm_core.records.conversations import Owner
from crm_core.records.lists import Listed, SavedFilter, Shelf, Wanted
from crm_core.records.people import Actor
from crm_core.records.team import Member

T = TypeVar("T")
PAGE = 50
_RECENT = 8
_LATELY_SECONDS = 5.0
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

    def touched(self, event: Event, agent_id: str) -> frozenset[Shelf]:
        """Give the lists, as one agent sees them, that what happened can have changed.

        The day's lists hold the conversations of this agent and of the queue: words in one that the bot or a colleague
        has change nothing there. What changes hands does, and such an event names no owner.
        """
        if self.shelf is not None or "owner" not in event:
            return frozenset(self.shelves)
        if event["owner"] == Owner.QUEUE:
            return frozenset({Shelf.WAITING, Shelf.OFFERED})
        return _OF_ONE_AGENT if event["agent_id"] == agent_id else frozenset()

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
        self._found: dict[Hashable, tuple[float, Any]] = {}

    async def read_lately(self, key: Hashable, call: Callable[[], T], seconds: float) -> T:
        """Await the same, where what was found in the last so many seconds will do."""
        at, found = self._found.get(key, (-math.inf, None))
        if asyncio.get_running_loop().time() - at > seconds:
            found = await self.read(key, call)
            self._found[key] = asyncio.get_running_loop().time(), found
        return cast(T, found)

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


async def read_lists(
    shared: SharedReading, crm: Crm, actor: Actor, view: View, shelves: Collection[Shelf]
) -> dict[Shelf, list[Listed]]:
    """Read the lists of a view.

    Args:
        shared: Reads for all desks what is the same for all.
        crm: The library.
        actor: Who looks.
        view: Which lists.
        shelves: Only these of them.
    """

    async def one(shelf: Shelf) -> list[Listed]:
        def call() -> list[Listed]:
            return crm.lists.of(shelf, actor=actor, wanted=view.wanted, limit=view.limit(shelf))

        whose = actor.id if shelf in _OF_ONE_AGENT else actor.role
        return await shared.read((shelf, view.wanted, view.limit(shelf), whose), call)

    return {shelf: await one(shelf) for shelf in view.shelves if shelf in shelves}


@dataclass(frozen=True, slots=True)
class Choices:
    """What lists can be narrowed to, and what can be done with what is chosen in them.

    Attributes:
        saved: The lists that this agent keeps.
        tags: Every tag that is in use.
        members: Everybody who works here.
    """

    saved: list[SavedFilter]
    tags: list[str]
    members: list[Member]


async def read_choices(shared: SharedReading, crm: Crm, actor: Actor) -> Choices:
    """Read what an opened desk offers.

    Args:
        shared: Reads for all desks what is the same for all.
        crm: The library.
        actor: Who looks.
    """

    def saved() -> list[SavedFilter]:
        return crm.lists.saved(actor=actor)

    return Choices(
        await asyncio.to_thread(saved),
        await shared.read("tags", lambda: list(crm.conversations.known_tags())),
        await read_members(shared, crm),
    )


async def read_members(shared: SharedReading, crm: Crm, *, lately: bool = False) -> list[Member]:
    """Read who works here and who is there; `lately`: what another desk has read a moment ago will do."""
    if lately:
        return await shared.read_lately("members", crm.team.members, _LATELY_SECONDS)
    return await shared.read("members", crm.team.members)
