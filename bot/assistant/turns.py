"""Turns of conversations inside Rasa: all of one is kept, or nothing."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.processor import MessageProcessor
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.action_endpoint import watch_failures
from bot.assistant.carrying import carried_over
from bot.assistant.trace import events_of, replies_of, trace_of
from bot.assistant.turn import CHANNEL, Heard, Silent, Turn, TurnFailed, since

__all__ = ["CHANNEL", "Heard", "TurnFailed", "Turns"]

LONG = 150  # events; Rasa's policies read all of a session at every step, so a long talk goes on in a new one


class Turns:
    """Runs turns, one at a time in each conversation.

    Args:
        long: After so many events a conversation goes on in a new session of Rasa's (its slots come along).
    """

    def __init__(self, long: int = LONG) -> None:
        self._long = long
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def answer(self, agent: Agent, heard: Heard) -> dict[str, Any]:
        """Answer a message, or return what was answered to it before.

        Raises:
            TurnFailed: An action could not be run, or the record could not be read or written.
        """
        lock = self._locks.setdefault(heard.conversation_id, asyncio.Lock())
        async with lock, agent.lock_store.lock(heard.conversation_id):
            return await self._answer(agent.processor, heard)

    async def _answer(self, processor: MessageProcessor, heard: Heard) -> dict[str, Any]:
        started = time.perf_counter()
        tracker = await processor.fetch_tracker_and_update_session(heard.conversation_id, Silent())
        if events_of(tracker, heard.message_id):
            return _answer(tracker, heard, {"nlu": 0.0, "dialogue": 0.0, "total": since(started)}, processor, True)
        if len(tracker.events) > self._long and tracker.active_loop_name is None:
            tracker = await _in_new_session(processor, tracker, self._long)
        turn = Turn(processor, tracker, heard, watch_failures())
        nlu = await turn.run()
        await processor.save_tracker(turn.tracker)
        total = since(started)
        timing = {"nlu": nlu, "dialogue": round(total - nlu, 2), "total": total}
        return _answer(turn.tracker, heard, timing, processor, False)


def _answer(
    tracker: DialogueStateTracker, heard: Heard, timing: dict[str, float], processor: MessageProcessor, recorded: bool
) -> dict[str, Any]:
    events = events_of(tracker, heard.message_id)
    trace = trace_of(events, tracker) | {"timing_ms": timing, "model": processor.model_filename}
    return {"message_id": heard.message_id, "replies": replies_of(events), "trace": trace, "recorded": recorded}


async def _in_new_session(
    processor: MessageProcessor, tracker: DialogueStateTracker, long: int
) -> DialogueStateTracker:
    """Begin a new session that goes on where the old one is, if it is time: see `carried_over`."""
    carried = carried_over(list(tracker.events), processor.domain.slots, long // 2)
    if not carried:
        return tracker
    tracker.update_with_events(carried, processor.domain, override_timestamp=False)
    await processor.save_tracker(tracker)
    return await processor.get_tracker(tracker.sender_id)
