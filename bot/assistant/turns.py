"""One turn of a conversation inside Rasa: all of it is kept, or nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.actions.action import create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.assistant.action_endpoint import watch_failures
from bot.assistant.trace import events_of, replies_of, says_something, trace_of

logger = logging.getLogger(__name__)

CHANNEL = "gateway"
APOLOGY = "utter_shared_apology"
LONG = 150  # events; Rasa's policies read all of a session at every step, so a long talk goes on in a new one
PAYLOAD_SIGN, TYPED_SIGN = "/", "／"


class TurnFailed(Exception):
    """The turn could not be finished and was not kept; the same message may be sent again."""


@dataclass(frozen=True)
class Heard:
    """A customer's message as the gateway passes it on.

    Attributes:
        conversation_id: Whose conversation; Rasa calls it the sender.
        message_id: Names the message; a second one of the same name is answered from the record.
        text: What the customer typed or the title of what was pressed.
        payload: `/intent{…}` of a button that the bot itself had offered.
        language: `en` or `zh`.
    """

    conversation_id: str
    message_id: str
    text: str
    language: str
    payload: str | None = None

    @property
    def words(self) -> str:
        """What Rasa gets: a typed `/` is turned into the full-width sign, which commands nothing."""
        if self.payload:
            return self.payload
        text = self.text.strip()
        return TYPED_SIGN + text[1:] if text.startswith(PAYLOAD_SIGN) else text


class _Silent(OutputChannel):  # type: ignore[misc]
    """Takes what the bot says and drops it: the replies are read from the tracker."""

    @classmethod
    def name(cls) -> str:
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        return None


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
        tracker = await processor.fetch_tracker_and_update_session(heard.conversation_id, _Silent())
        if events_of(tracker, heard.message_id):
            return _answer(tracker, heard, {"nlu": 0.0, "dialogue": 0.0, "total": _since(started)}, processor, True)
        if len(tracker.events) > self._long and tracker.active_loop_name is None:
            tracker = await _in_new_session(processor, tracker)
        failures = watch_failures()
        nlu = await _hear(processor, tracker, heard)
        _set_language(tracker, heard.language, processor)
        tracker = await processor.run_action_extract_slots(_Silent(), tracker)
        await _act(processor, tracker, failures)
        await _never_silent(processor, tracker, heard.message_id)
        await processor.save_tracker(tracker)
        total = _since(started)
        timing = {"nlu": nlu, "dialogue": round(total - nlu, 2), "total": total}
        return _answer(tracker, heard, timing, processor, False)


def _answer(
    tracker: DialogueStateTracker, heard: Heard, timing: dict[str, float], processor: MessageProcessor, recorded: bool
) -> dict[str, Any]:
    events = events_of(tracker, heard.message_id)
    trace = trace_of(events, tracker) | {"timing_ms": timing, "model": processor.model_filename}
    return {"message_id": heard.message_id, "replies": replies_of(events), "trace": trace, "recorded": recorded}


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _set_language(tracker: DialogueStateTracker, language: str, processor: MessageProcessor) -> None:
    if "language" in tracker.slots and tracker.get_slot("language") != language:
        tracker.update(SlotSet("language", language), processor.domain)


async def _hear(processor: MessageProcessor, tracker: DialogueStateTracker, heard: Heard) -> float:
    """Understand the message and put it into the tracker; give the milliseconds it took."""
    started = time.perf_counter()
    message = UserMessage(heard.words, _Silent(), heard.conversation_id, message_id=heard.message_id)
    parsed = await processor.parse_message(message, tracker)
    event = UserUttered(
        message.text,
        parsed["intent"],
        parsed["entities"],
        parsed,
        input_channel=CHANNEL,
        message_id=heard.message_id,
        metadata={"typed": heard.payload is None},
    )
    tracker.update(event, processor.domain)
    return _since(started)


async def _act(processor: MessageProcessor, tracker: DialogueStateTracker, failures: list[str]) -> None:
    """Run what the policies predict until they want to listen; stop at the first action that failed."""
    go_on = True
    while go_on:
        if failures:
            raise TurnFailed(failures[0])
        try:
            action, prediction = processor.predict_next_with_tracker_if_should(tracker)
        except RasaException as error:  # too many actions in one turn
            logger.warning("conversation %s: %s", tracker.sender_id, error)
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME), processor.domain)
            return
        go_on = await processor._run_action(action, tracker, _Silent(), processor.nlg, prediction)


async def _never_silent(processor: MessageProcessor, tracker: DialogueStateTracker, message_id: str) -> None:
    if says_something(replies_of(events_of(tracker, message_id))):
        return
    logger.warning("conversation %s: nothing was said, so an apology was", tracker.sender_id)
    words = await processor.nlg.generate(APOLOGY, tracker, CHANNEL)
    if words:
        tracker.update(create_bot_utterance({**words, "utter_action": APOLOGY}), processor.domain)


async def _in_new_session(processor: MessageProcessor, tracker: DialogueStateTracker) -> DialogueStateTracker:
    """Begin a new session with the slots of the old one, as Rasa does after a pause."""
    slots = [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value is not None]
    events = [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        *slots,
        ActionExecuted(ACTION_LISTEN_NAME),
    ]
    tracker.update_with_events(events, processor.domain)
    await processor.save_tracker(tracker)
    return await processor.get_tracker(tracker.sender_id)
