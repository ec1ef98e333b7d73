"""One message while it is answered inside Rasa."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasa.core.actions.action import create_bot_utterance
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.assistant.agenda import ENDS_ALL, Agenda, agenda_of, begun_next, is_task
from bot.assistant.notice import PRESENCE, Notice, notice_of
from bot.assistant.trace import events_of, replies_of, says_something

logger = logging.getLogger(__name__)

CHANNEL = "gateway"
PAYLOAD_SIGN, TYPED_SIGN = "/", "／"

OFFER = "shared_offer"
PENDING = "pending_requests"
ANGER = "dialogue_anger"

APOLOGY = "utter_shared_apology"
UNCLEAR = "utter_dialogue_unclear"
NEXT = "utter_dialogue_next_{intent}"
BACK, WHERE_WE_WERE = "utter_dialogue_back", "utter_dialogue_at_{form}"
CALM = ("utter_dialogue_calm", "utter_dialogue_calm_again", "utter_dialogue_calm_still")
IN_FRONT = {BACK, *CALM}
WAYS_OUT = {CALM[0], "utter_dialogue_stuck"}


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


class Silent(OutputChannel):  # type: ignore[misc]
    """Takes what the bot says and drops it: the replies are read from the tracker."""

    @classmethod
    def name(cls) -> str:
        """Give the channel's name."""
        return CHANNEL

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Drop it."""


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
            self._heard.words, Silent(), self._heard.conversation_id, message_id=self._heard.message_id
        )
        parsed = await self._processor.parse_message(message, self.tracker)
        nlu = since(started)
        notice = self._notice()
        if notice.presence:
            parsed |= {"intent": {"name": PRESENCE, "confidence": 1.0}, "requests": []}
        agenda = agenda_of(parsed if self._heard.payload is None else {}, self.tracker.active_loop_name)
        said = [_as_parsed(request) for request in agenda.now] or [parsed]
        for place, one in enumerate(said):
            is_last = place == len(said) - 1
            if is_last and agenda.ends_with_answer:
                self._put_form_back()
            if place == 0:
                self._hear(one, {"requests": agenda.told(), "anger": list(notice.anger)})
                await self._take_notice(notice, one["intent"]["name"])
                self._remember(agenda)
            else:
                self._hear(one)
            await self._act(is_last=is_last)
        await self._begin_what_waits()
        for part in agenda.unclear:
            await self._say(UNCLEAR, part=part)
        await self._never_silent()
        await self._carry_buttons(notice)
        return nlu

    def _notice(self) -> Notice:
        if self._heard.payload is not None:
            return Notice()
        before = next((event for event in reversed(self.tracker.events) if isinstance(event, UserUttered)), None)
        silent = time.time() - before.timestamp if before else 0.0
        return notice_of(self._heard.text, form=self.tracker.active_loop_name, silent_seconds=silent)

    async def _take_notice(self, notice: Notice, intent: str) -> None:
        """Say where the conversation was after a pause, and something kind to somebody who is angry."""
        form = self.tracker.active_loop_name
        if notice.pause and form:
            await self._say(BACK)
            await self._say(WHERE_WE_WERE.format(form=form))
        if not notice.anger or ANGER not in self.tracker.slots:
            return
        times = int(self.tracker.get_slot(ANGER) or 0)
        self._update(SlotSet(ANGER, times + 1))
        if notice.needs_calm(intent, form):
            await self._say(CALM[0] if times == 0 else CALM[2 - times % 2])

    async def _carry_buttons(self, notice: Notice) -> None:
        """Put the ways out that were offered in this turn below its last message: only that one's buttons are shown.

        Whoever is angry for the first time gets the button for a person, whatever the answer was.
        """
        events = events_of(self.tracker, self._heard.message_id)
        said = [event for event in events if isinstance(event, BotUttered) and event.text]
        if not said or _ended(events):
            return
        carried = [button for event in said[:-1] if _name(event) in WAYS_OUT for button in _buttons(event)]
        if notice.anger and self.tracker.get_slot(ANGER) == 1 and not carried:
            words = await self._processor.nlg.generate(CALM[0], self.tracker, CHANNEL)
            carried = (words or {}).get("buttons") or []
        there = {button["payload"] for event in said for button in _buttons(event) if _name(event) not in WAYS_OUT}
        more = [button for button in carried if button["payload"] not in there]
        if more:
            said[-1].data["buttons"] = [*_buttons(said[-1]), *more]

    def _hear(self, parsed: Mapping[str, Any], noticed: Mapping[str, Any] | None = None) -> None:
        """Put what was said into the conversation."""
        facts = {name: value for name, value in (noticed or {}).items() if value}
        event = UserUttered(
            parsed["text"],
            parsed["intent"],
            parsed["entities"],
            parsed,
            input_channel=CHANNEL,
            message_id=self._heard.message_id,
            metadata={"typed": self._heard.payload is None, **facts},
        )
        self._update(event)
        if "language" in self.tracker.slots and self.tracker.get_slot("language") != self._heard.language:
            self._update(SlotSet("language", self._heard.language))

    async def _act(self, *, is_last: bool = True) -> None:
        """Run what the policies predict until they want to listen; stop at the first action that failed.

        Args:
            is_last: Otherwise more of the message is to come, and a form that was interrupted waits with its question.
        """
        self.tracker = await self._processor.run_action_extract_slots(Silent(), self.tracker)
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
            go_on = await self._processor._run_action(action, self.tracker, Silent(), self._processor.nlg, prediction)

    def _goes_back_to_form(self, action: str) -> bool:
        loop = self.tracker.active_loop
        return loop is not None and loop.rejected and action == loop.name

    def _put_form_back(self) -> None:
        """Let a form that was interrupted by the message's questions read the answer that stands beside them."""
        loop = self.tracker.active_loop
        if loop is not None and loop.rejected:
            self._update(ActiveLoop(loop.name))

    def _remember(self, agenda: Agenda) -> None:
        if agenda.later and PENDING in self.tracker.slots:
            waiting = [*(self.tracker.get_slot(PENDING) or []), *agenda.later]
            self._update(SlotSet(PENDING, [{"at": int(time.time()), **request} for request in waiting]))

    async def _begin_what_waits(self) -> None:
        """Begin what was asked for before, unless a form is open, something was offered or all of it was given up."""
        while waiting := self.tracker.get_slot(PENDING) if PENDING in self.tracker.slots else None:
            events = events_of(self.tracker, self._heard.message_id)
            if _ended(events):
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
        events = events_of(self.tracker, self._heard.message_id)
        if says_something(replies_of([event for event in events if _name(event) not in IN_FRONT])):
            return
        logger.warning("conversation %s: nothing was said, so an apology was", self.tracker.sender_id)
        await self._say(APOLOGY)

    async def _say(self, response: str, **values: str) -> None:
        words = await self._processor.nlg.generate(response, self.tracker, CHANNEL, **values)
        if words:
            self._update(create_bot_utterance({**words, "utter_action": response}))

    def _update(self, event: Event) -> None:
        self.tracker.update(event, self._processor.domain)


def _name(event: Event) -> str | None:
    name = event.metadata.get("utter_action")
    return str(name) if name else None


def _buttons(event: BotUttered) -> list[dict[str, Any]]:
    return event.data.get("buttons") or []


def _as_parsed(request: Mapping[str, Any]) -> dict[str, Any]:
    """Give one request of a message as if it had been the whole of one."""
    intent = {"name": request["intent"], "confidence": request["confidence"]}
    return {"text": request["text"], "intent": intent, "entities": request["entities"], "intent_ranking": [intent]}


def _ended(events: Sequence[Event]) -> bool:
    """Tell whether a turn has given up all that was asked for, or given it to a person."""
    return any(
        event.intent_name == "stop" if isinstance(event, UserUttered) else event.action_name in ENDS_ALL
        for event in events
        if isinstance(event, UserUttered | ActionExecuted)
    )


def _offers(events: Sequence[Event]) -> bool:
    """Tell whether a turn has left the customer with the offer of something that takes its time."""
    offers = [event.value for event in events if isinstance(event, SlotSet) and event.key == OFFER]
    return bool(offers and is_task(offers[-1]))


def since(started: float) -> float:
    """Give the milliseconds since a moment of `time.perf_counter`."""
    return round((time.perf_counter() - started) * 1000, 2)
