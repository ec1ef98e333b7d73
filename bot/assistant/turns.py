"""One turn of a conversation inside Rasa: all of it is kept, or nothing."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.actions.action import create_bot_utterance
from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.assistant.action_endpoint import watch_failures
from bot.assistant.agenda import ENDS_ALL, Agenda, agenda_of, begun_next
from bot.assistant.trace import events_of, replies_of, says_something, trace_of

logger = logging.getLogger(__name__)

CHANNEL = "gateway"
APOLOGY = "utter_shared_apology"
LONG = 150  # events; Rasa's policies read all of a session at every step, so a long talk goes on in a new one
OFFER, PENDING = "shared_offer", "pending_requests"
NEXT = "utter_dialogue_next_{intent}"
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


class Turn:
    """One message while it is answered; nothing is kept before `Turns` saves the tracker.

    A message with several requests is heard once for each, with the same id: its questions first, then one task; what
    else was asked for waits in the slot `pending_requests` until no form is open.

    Args:
        processor: Rasa's.
        tracker: The conversation.
        heard: The message.
        failures: Fills with the actions that could not be run.
    """

    def __init__(
        self, processor: MessageProcessor, tracker: DialogueStateTracker, heard: Heard, failures: list[str]
    ) -> None:
        self.tracker = tracker
        self._processor = processor
        self._heard = heard
        self._failures = failures

    async def run(self) -> float:
        """Answer the message and give the milliseconds it took to understand it.

        Raises:
            TurnFailed: An action could not be run.
        """
        started = time.perf_counter()
        message = UserMessage(
            self._heard.words, _Silent(), self._heard.conversation_id, message_id=self._heard.message_id
        )
        parsed = await self._processor.parse_message(message, self.tracker)
        nlu = _since(started)
        agenda = agenda_of(parsed if self._heard.payload is None else {}, self.tracker.active_loop_name)
        said = [_as_parsed(request) for request in agenda.now] or [parsed]
        for place, one in enumerate(said):
            is_last = place == len(said) - 1
            if is_last and agenda.ends_with_answer:
                self._put_form_back()
            self._hear(one, requests=agenda.told() if place == 0 else [])
            if place == 0:
                self._remember(agenda)
            await self._act(is_last=is_last)
        await self._begin_what_waits()
        await self._never_silent()
        return nlu

    def _hear(self, parsed: dict[str, Any], requests: Sequence[dict[str, Any]] = ()) -> None:
        """Put what was said into the conversation."""
        metadata: dict[str, Any] = {"typed": self._heard.payload is None}
        if requests:
            metadata |= {"requests": list(requests), "message": self._heard.text}
        event = UserUttered(
            parsed["text"],
            parsed["intent"],
            parsed["entities"],
            parsed,
            input_channel=CHANNEL,
            message_id=self._heard.message_id,
            metadata=metadata,
        )
        self._update(event)
        if "language" in self.tracker.slots and self.tracker.get_slot("language") != self._heard.language:
            self._update(SlotSet("language", self._heard.language))

    async def _act(self, *, is_last: bool = True) -> None:
        """Run what the policies predict until they want to listen; stop at the first action that failed.

        Args:
            is_last: Otherwise more of the message is to come, and a form that was interrupted waits with its question.
        """
        self.tracker = await self._processor.run_action_extract_slots(_Silent(), self.tracker)
        go_on = True
        while go_on:
            if self._failures:
                raise TurnFailed(self._failures[0])
            try:
                action, prediction = self._processor.predict_next_with_tracker_if_should(self.tracker)
            except RasaException as error:  # too many actions in one turn
                logger.warning("conversation %s: %s", self.tracker.sender_id, error)
                self._update(ActionExecuted(ACTION_LISTEN_NAME))
                return
            if not is_last and self._goes_back_to_form(action.name()):
                self._update(ActionExecuted(ACTION_LISTEN_NAME))
                return
            go_on = await self._processor._run_action(action, self.tracker, _Silent(), self._processor.nlg, prediction)

    def _goes_back_to_form(self, action: str) -> bool:
        loop = self.tracker.active_loop
        return loop is not None and loop.rejected and action == loop.name

    def _put_form_back(self) -> None:
        """Let a form that was interrupted by the message's questions read the answer that stands beside them."""
        loop = self.tracker.active_loop
        if loop is not None and loop.rejected:
            self._update(ActiveLoop(loop.name))

    def _remember(self, agenda: Agenda) -> None:
        if agenda.later:
            waiting = [*(self.tracker.get_slot(PENDING) or []), *agenda.later]
            self._update(SlotSet(PENDING, [{"at": round(time.time()), **request} for request in waiting]))

    async def _begin_what_waits(self) -> None:
        """Begin what was asked for before, unless a form is open, something was offered or all of it was given up."""
        while waiting := self.tracker.get_slot(PENDING) if PENDING in self.tracker.slots else None:
            events = events_of(self.tracker, self._heard.message_id)
            if any(isinstance(event, ActionExecuted) and event.action_name in ENDS_ALL for event in events):
                self._update(SlotSet(PENDING, None))
                return
            if self.tracker.active_loop_name or _offers(events):
                return
            request, rest = begun_next(waiting, time.time())
            self._update(SlotSet(PENDING, rest or None))
            if request is not None:
                await self._say(NEXT.format(intent=request["intent"]))
                self._hear(_as_parsed(request))
                await self._act()

    async def _never_silent(self) -> None:
        if says_something(replies_of(events_of(self.tracker, self._heard.message_id))):
            return
        logger.warning("conversation %s: nothing was said, so an apology was", self.tracker.sender_id)
        await self._say(APOLOGY)

    async def _say(self, response: str) -> None:
        words = await self._processor.nlg.generate(response, self.tracker, CHANNEL)
        if words:
            self._update(create_bot_utterance({**words, "utter_action": response}))

    def _update(self, event: Event) -> None:
        self.tracker.update(event, self._processor.domain)


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
        turn = Turn(processor, tracker, heard, watch_failures())
        nlu = await turn.run()
        await processor.save_tracker(turn.tracker)
        total = _since(started)
        timing = {"nlu": nlu, "dialogue": round(total - nlu, 2), "total": total}
        return _answer(turn.tracker, heard, timing, processor, False)


def _answer(
    tracker: DialogueStateTracker, heard: Heard, timing: dict[str, float], processor: MessageProcessor, recorded: bool
) -> dict[str, Any]:
    events = events_of(tracker, heard.message_id)
    trace = trace_of(events, tracker) | {"timing_ms": timing, "model": processor.model_filename}
    return {"message_id": heard.message_id, "replies": replies_of(events), "trace": trace, "recorded": recorded}


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _as_parsed(request: Mapping[str, Any]) -> dict[str, Any]:
    """Give one request of a message as if it had been the whole of one."""
    intent = {"name": request["intent"], "confidence": request["confidence"]}
    return {"text": request["text"], "intent": intent, "entities": request["entities"], "intent_ranking": [intent]}


def _offers(events: Sequence[Event]) -> bool:
    """Tell whether a turn has left the customer with a question that a "yes" answers."""
    offers = [event.value for event in events if isinstance(event, SlotSet) and event.key == OFFER]
    return bool(offers and offers[-1])


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
