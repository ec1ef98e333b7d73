"""The desk: three columns that follow one chosen conversation."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from pathlib import Path

from nicegui import background_tasks, ui
from starlette.requests import Request

from bot.desk.frame import Visit, add_script, add_style
from bot.desk.keys import add_keys
from bot.desk.lists import SharedReading
from bot.desk.live import Ear
from bot.desk.mentions import MentionBell
from bot.desk.parts import box
from bot.desk.presence import PresenceSwitch
from bot.desk.queue import QueueColumn
from bot.desk.side import SideColumn
from bot.desk.talk import TalkColumn
from bot.gateway.push import DESK, Event, Hub, conversation_topic
from crm_core.clock import now
from crm_core.errors import NotAllowed, NotFound, StorageUnavailable

_HERE = Path(__file__).parent
_TICK_SECONDS = 10.0
_LOOK_AGAIN_TICKS = 6  # nothing heard for so long: the session may be over, or a hint was lost
_LISTS_REST_SECONDS = 0.5  # between two readings of the lists: at a busy time something changes all the while
_TYPING_SECONDS = 5.0  # after this without news nobody types any more


async def build(visit: Visit, request: Request, hub: Hub, shared: SharedReading) -> None:
    """Build the page.

    Args:
        visit: Who looks.
        request: May carry the chosen conversation (`?c=<id>`).
        hub: The live push.
        shared: Reads for all desks what is the same for all.
    """
    add_style(_HERE / "desk.css")
    for script in ("desk.js", "picking.js", "keys.js"):
        add_script(_HERE / script)
    desk = Desk(visit, hub, shared)
    background_tasks.create(desk.start(request.query_params.get("c")), name="desk start")


class Desk:
    """One open desk.

    Args:
        visit: Who looks.
        hub: The live push.
        shared: Reads for all desks what is the same for all.
    """

    def __init__(self, visit: Visit, hub: Hub, shared: SharedReading) -> None:
        self._visit = visit
        self._chosen: str | None = None
        self._choosing = asyncio.Lock()
        self._typed_last = 0.0
        self._ticks = 0
        with box("desk") as self._root:
            self._queue = QueueColumn(visit, shared, self._select, self._refresh_all, now)
            self._talk = TalkColumn(visit, hub, now, self._refresh_all)
            self._side = SideColumn(visit, self._talk)
        self._mentions = MentionBell(visit, self._select)
        self._presence = PresenceSwitch(visit, shared)
        add_keys(visit)
        lists = (hub, visit.client, self._refresh_lists)
        self._lists_ear = Ear(*lists, concerns=self._queue.concerns, rest_seconds=_LISTS_REST_SECONDS)
        self._talk_ear = Ear(hub, visit.client, self._refresh_talk, self._hear)
        ui.timer(_TICK_SECONDS, self._tick)

    async def start(self, wanted: str | None) -> None:
        """Show what there is, and the conversation that the address names."""
        with self._visit.client:
            self._lists_ear.listen(DESK)
            await self._queue.refresh(None)  # while the browser still loads what the page needs
        await self._visit.client.connected(timeout=30)
        with self._visit.client:
            await self._mentions.refresh()
            self._count_waiting()
            if wanted:
                await self._select(wanted)
            await self._presence.refresh()
            await self._queue.offer_choices()
            await self._offer_names()

    async def _select(self, conversation_id: str) -> None:
        async with self._choosing:
            self._queue.redraw(conversation_id)  # at once: the next key goes on from here
            try:
                self._talk_ear.listen(conversation_topic(conversation_id))
                await self._talk.open(conversation_id)
            except NotFound:
                self._queue.redraw(self._chosen)
                self._visit.tell("desk-not-found", "warning")
                return
            except NotAllowed:
                return
            self._chosen = conversation_id
            self._visit.script(f"history.replaceState(null, '', '/desk?c={conversation_id}')")
            self._visit.script("rapportDesk.show('talk')")
            await self._side.open(conversation_id)
            await self._mentions.opened(conversation_id)

    async def _refresh_all(self) -> None:
        await self._refresh_talk()
        await self._refresh_lists(everything=True)

    async def _offer_names(self) -> None:
        """Tell the browser whom a note may mention."""
        everybody = await self._visit.read(self._visit.crm.staff.list)
        names = [{"key": one.name} for one in everybody if one.active and one.id != self._visit.agent.id]
        self._visit.script(f"rapportPick.offer('@', {json.dumps(names)})")

    async def _refresh_lists(self, *, everything: bool = False) -> None:
        if not self._queue.only_words:
            await self._mentions.refresh()
        fresh = await self._queue.refresh(self._chosen, everything=everything)
        self._count_waiting()
        if fresh:
            waiting = self._queue.waiting
            title = self._visit.words.say("desk-alert-title" if waiting else "desk-alert-mine")
            newest = max(waiting, key=lambda item: item.since).preview if waiting else ""
            self._visit.script(f"rapportDesk.alert({json.dumps(title)}, {json.dumps(newest)})")

    def _count_waiting(self) -> None:
        self._visit.script(f"rapportDesk.count({len(self._queue.waiting)})")

    async def _refresh_talk(self) -> None:
        async with self._choosing:
            if self._chosen is None:
                return
            await self._talk.refresh()
            await self._side.refresh(self._chosen)

    def _hear(self, event: Event) -> None:
        if event.get("author") != "customer":
            return
        typing = bool(event.get("on", True))
        self._talk.customer_types(typing)
        if typing:
            self._typed_last = asyncio.get_running_loop().time()
            ui.timer(_TYPING_SECONDS, self._typing_over, once=True)

    def _typing_over(self) -> None:
        if asyncio.get_running_loop().time() - self._typed_last >= _TYPING_SECONDS - 0.1:
            self._talk.customer_types(False)

    async def _tick(self) -> None:
        """Let the waiting times move on, and look again now and then though nothing was heard."""
        self._queue.redraw(self._chosen)
        self._ticks += 1
        if self._ticks % _LOOK_AGAIN_TICKS == 0:
            self._lists_ear.changed()
        with suppress(NotAllowed, StorageUnavailable):  # on the way to the sign-in page, or the next tick sees to it
            await self._presence.refresh(lately=True)
