"""The desk: three columns that follow one chosen conversation."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from nicegui import background_tasks, ui
from starlette.requests import Request

from bot.desk.frame import Visit, add_script, add_style
from bot.desk.live import Ear
from bot.desk.parts import box
from bot.desk.queue import QueueColumn
from bot.desk.side import SideColumn
from bot.desk.talk import TalkColumn
from bot.gateway.push import DESK, Event, Hub, conversation_topic
from crm_core.clock import now
from crm_core.errors import NotAllowed, NotFound

_HERE = Path(__file__).parent
_TICK_SECONDS = 10.0
_TYPING_SECONDS = 5.0  # after this without news nobody types any more


async def build(visit: Visit, request: Request, hub: Hub) -> None:
    """Build the page.

    Args:
        visit: Who looks.
        request: May carry the chosen conversation (`?c=<id>`).
        hub: The live push.
    """
    add_style(_HERE / "desk.css")
    add_script(_HERE / "desk.js")
    desk = Desk(visit, hub)
    background_tasks.create(desk.start(request.query_params.get("c")), name="desk start")


class Desk:
    """One open desk.

    Args:
        visit: Who looks.
        hub: The live push.
    """

    def __init__(self, visit: Visit, hub: Hub) -> None:
        self._visit = visit
        self._chosen: str | None = None
        self._choosing = asyncio.Lock()
        self._typed_last = 0.0
        with box("desk") as self._root:
            self._queue = QueueColumn(visit, self._select, now)
            self._talk = TalkColumn(visit, hub, now, self._refresh_all)
            self._side = SideColumn(visit, self._talk)
        self._lists_ear = Ear(hub, visit.client, self._refresh_lists)
        self._talk_ear = Ear(hub, visit.client, self._refresh_talk, self._hear)
        ui.timer(_TICK_SECONDS, self._tick)

    async def start(self, wanted: str | None) -> None:
        """Show what there is, and the conversation that the address names."""
        await self._visit.client.connected(timeout=30)
        with self._visit.client:
            self._lists_ear.listen(DESK)
            await self._refresh_lists()
            if wanted:
                await self._select(wanted)

    async def _select(self, conversation_id: str) -> None:
        async with self._choosing:
            try:
                self._talk_ear.listen(conversation_topic(conversation_id))
                await self._talk.open(conversation_id)
            except NotFound:
                self._visit.tell("desk-not-found", "warning")
                return
            except NotAllowed:
                return
            self._chosen = conversation_id
            self._visit.script(f"history.replaceState(null, '', '/desk?c={conversation_id}')")
            self._visit.script("rapportDesk.show('talk')")
            self._queue.redraw(conversation_id)
            await self._side.open(conversation_id)

    async def _refresh_all(self) -> None:
        await self._refresh_talk()
        await self._refresh_lists()

    async def _refresh_lists(self) -> None:
        fresh = await self._queue.refresh(self._chosen)
        waiting = self._queue.lists.waiting if self._queue.lists else []
        self._visit.script(f"rapportDesk.count({len(waiting)})")
        if fresh:
            title = self._visit.words.say("desk-alert-title")
            newest = max(waiting, key=lambda item: item.since)
            self._visit.script(f"rapportDesk.alert({json.dumps(title)}, {json.dumps(newest.preview)})")

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

    def _tick(self) -> None:
        """Let the waiting times move on, and see to it that a page left open does not outlive its session."""
        self._queue.redraw(self._chosen)
        self._lists_ear.changed()
