"""Members of staff who take conversations, write and hand back: through the library, as the desk does."""

from __future__ import annotations

import asyncio
import random
import uuid
from collections.abc import Callable
from contextlib import suppress

from benchmarks.chaos.journal import StaffJournal, Written
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic
from crm_core.crm import Crm
from crm_core.errors import Conflict, NotAllowed, StorageUnavailable
from crm_core.records.people import Role

_PEOPLE = ("Ada", "Bo", "Cleo")
_LOOK_SECONDS = 0.3
_TRIES = 60
_UNASKED = 0.05  # at each look: somebody who did not ask is taken, in the middle of what the bot says


class Staff:
    """Three people at the desk.

    Args:
        crm: The database's use cases.
        hub: Tells the gateways, where there is Redis; without, they look by themselves.
        chance: Decides everything that is left to chance.
        sentences: What they write.
    """

    def __init__(self, crm: Crm, hub: Hub, chance: random.Random, sentences: list[str]) -> None:
        self._conversations = crm.conversations
        self._hub = hub
        self._chance = chance
        self._sentences = sentences
        self._agents = [
            crm.staff.create(f"{uuid.uuid4().hex}@chaos.test", name, Role.AGENT, uuid.uuid4().hex) for name in _PEOPLE
        ]
        self._busy: dict[str, asyncio.Task[None]] = {}
        self.journal = StaffJournal()

    async def work(self) -> None:
        """Take who waits, and now and then somebody who does not, until cancelled."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            with suppress(StorageUnavailable):
                waiting = [entry.conversation.id for entry in await asyncio.to_thread(self._conversations.queue)]
                if not waiting and self._chance.random() < _UNASKED:
                    recent = await asyncio.to_thread(self._conversations.recent, 20)
                    waiting = [conversation.id for conversation in recent if conversation.status == "open"][:1]
                for conversation_id in waiting[:2]:
                    self._begin(conversation_id)

    async def finish(self) -> None:
        """Take whoever still waits, and end what is begun."""
        while True:
            await asyncio.gather(*self._busy.values())
            try:
                queue = await asyncio.to_thread(self._conversations.queue)
            except StorageUnavailable:
                await asyncio.sleep(_LOOK_SECONDS)
                continue
            if not queue:
                return
            for entry in queue:
                self._begin(entry.conversation.id)

    def _begin(self, conversation_id: str) -> None:
        if conversation_id in self._busy:
            return
        agent = self._chance.choice(self._agents)[0].id
        task = self._busy[conversation_id] = asyncio.create_task(self._serve(conversation_id, agent))
        task.add_done_callback(lambda _: self._busy.pop(conversation_id))

    async def _serve(self, conversation_id: str, agent: str) -> None:
        try:
            await self._do(conversation_id, lambda: self._conversations.take(conversation_id, agent))
            self.journal.taken += 1
            for _ in range(self._chance.randint(1, 3)):
                await asyncio.sleep(self._chance.uniform(0.1, 1.0))
                await self._write(conversation_id, agent)
            await asyncio.sleep(self._chance.uniform(0.1, 1.0))
            if self._chance.random() < 0.15:
                await self._do(conversation_id, lambda: self._conversations.release(conversation_id, agent))
            else:
                await self._do(conversation_id, lambda: self._conversations.hand_back(conversation_id, agent))
        except (Conflict, NotAllowed):
            pass  # somebody else was quicker, or an earlier try had gone through although it looked as if not

    async def _write(self, conversation_id: str, agent: str) -> None:
        message = Written(f"{agent}-{uuid.uuid4().hex}", self._chance.choice(self._sentences))
        mine = self.journal.written.setdefault(conversation_id, [])
        mine.append(message)

        def say() -> object:
            return self._conversations.say(conversation_id, agent, message.text, external_id=message.id)

        try:
            await self._do(conversation_id, say)
        except (Conflict, NotAllowed):  # refused, and told so
            mine.remove(message)
            raise

    async def _do(self, conversation_id: str, call: Callable[[], object]) -> None:
        """Do something, again while the database is away, and tell the gateways."""
        for attempt in range(_TRIES):
            try:
                await asyncio.to_thread(call)
                break
            except StorageUnavailable:
                if attempt == _TRIES - 1:
                    raise
                await asyncio.sleep(_LOOK_SECONDS)
        self._hub.publish(conversation_topic(conversation_id), CHANGED)
        self._hub.publish(DESK, {**CHANGED, "conversation_id": conversation_id})
