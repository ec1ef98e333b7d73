"""The turn runner: a conversation's unanswered messages are answered in order, one at a time.

A turn belongs to the database, never to a client's socket. Whoever holds the conversation's lease runs it; the
answer, its trace and "handled" are one commit, and only then the answer is pushed. The lease is short and renewed
while the turn runs: a gateway that dies in between leaves one that soon lapses, and the message is taken up again by
any gateway.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial
from typing import Protocol

import structlog

from bot.gateway.file_answer import PERSON_PAYLOAD, file_received, is_only_a_file
from bot.gateway.metrics import Metrics
from bot.gateway.offload import Offload
from bot.gateway.push import CHANGED, DESK, Hub, conversation_topic, said_event
from bot.gateway.wire import message_event, typing_event
from bot.phrases import bot_phrases
from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.errors import AssistantUnavailable, LeaseLost, RapportError, StorageUnavailable
from crm_core.language import detect_language
from crm_core.records.conversations import HandoffWish, Message, Owner, PendingTurn, TurnResult
from crm_core.settings import Settings

log = structlog.get_logger(__name__)

_LEASE_SECONDS = 6.0
_RENEW_SECONDS = 2.0
_FIRST_RETRY_SECONDS = 1.0
_LONGEST_RETRY_SECONDS = 30.0
_LOOK_SECONDS = 1.0
_KEEP_TRIES = 8
_KEEP_PAUSE_SECONDS = 1.0


class Answers(Protocol):
    """Somebody who answers a message: the assistant, or a test's stand-in."""

    async def answer(self, turn: PendingTurn, language: str) -> TurnResult:
        """Answer a message or raise `AssistantUnavailable`."""
        ...


class TurnRunner:
    """Runs the turns of one gateway process.

    Args:
        crm: The database's use cases.
        assistant: Who answers.
        hub: Where the answers are pushed.
        offload: The threads for the database's calls.
        settings: Patience: `turn_attempts`.
        metrics: What is counted.
    """

    def __init__(
        self, crm: Crm, assistant: Answers, hub: Hub, offload: Offload, settings: Settings, metrics: Metrics
    ) -> None:
        self._conversations = crm.conversations
        self._assistant = assistant
        self._hub = hub
        self._offload = offload
        self._attempts = settings.turn_attempts
        self._metrics = metrics
        self._holder = f"gateway-{new_id()}"
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._held: set[str] = set()  # the conversations whose turns run here now
        self._watches: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Take up what waits: from before a restart, after a delay, or from a gateway that died."""
        self._watches = [asyncio.create_task(watch()) for watch in (self._look_for_waiting, self._renew)]

    async def stop(self) -> None:
        """End; a turn under way is dropped and will be taken up again."""
        tasks = [*self._running.values(), *self._watches]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def wake(self, conversation_id: str) -> None:
        """See to a conversation's unanswered messages, now."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._drain(conversation_id))
        self._running[conversation_id] = task
        task.add_done_callback(partial(self._ended, conversation_id))

    def _ended(self, conversation_id: str, task: asyncio.Task[None]) -> None:
        del self._running[conversation_id]
        if task.cancelled():
            return
        error = task.exception()
        if isinstance(error, RapportError):
            log.warning("turn_interrupted", conversation_id=conversation_id, error=str(error))
        elif error:
            log.error("turn_crashed", conversation_id=conversation_id, exc_info=error)
        elif conversation_id in self._again:
            self.wake(conversation_id)

    async def _look_for_waiting(self) -> None:
        while True:
            with suppress(RapportError):  # the database is away: look again
                for conversation_id in await self._offload.read(self._conversations.waiting):
                    self.wake(conversation_id)
            await asyncio.sleep(_LOOK_SECONDS)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            if self._held:
                with suppress(RapportError):  # the database is away: nobody else can take the turns either
                    await self._offload.write(
                        self._conversations.keep_turns, list(self._held), self._holder, lease_seconds=_LEASE_SECONDS
                    )

    async def _drain(self, conversation_id: str) -> None:
        while True:
            self._again.discard(conversation_id)
            turn = await self._offload.write(
                self._conversations.next_turn, conversation_id, self._holder, lease_seconds=_LEASE_SECONDS
            )
            if turn is not None:
                self._held.add(conversation_id)
                try:
                    await self._run(turn)
                finally:
                    self._held.discard(conversation_id)
            elif conversation_id not in self._again:
                return

    async def _run(self, turn: PendingTurn) -> None:
        self._hub.publish(conversation_topic(turn.conversation.id), typing_event("bot"))
        language = detect_language(turn.message.body.get("text", ""), turn.conversation.language)
        if turn.attempt > self._attempts:  # every answer so far could not be kept: a plain one may be
            log.error("turn_given_up", conversation_id=turn.conversation.id, attempts=turn.attempt)
            await self._finish(turn, _apology(turn, language))
            return
        if is_only_a_file(turn.message):
            await self._finish(turn, file_received(language))
            return
        try:
            result = await self._assistant.answer(turn, language)
        except AssistantUnavailable as error:
            log.warning("assistant_unavailable", conversation_id=turn.conversation.id, error=str(error))
            self._metrics.turns.labels("delayed").inc()
            if not self._is_last_try(turn):
                await self._delay(turn)
                return
            result = _apology(turn, language)
        await self._finish(turn, result)

    def _is_last_try(self, turn: PendingTurn) -> bool:
        return turn.attempt >= self._attempts or turn.message.body.get("payload") == PERSON_PAYLOAD

    async def _delay(self, turn: PendingTurn) -> None:
        pause = min(_FIRST_RETRY_SECONDS * 2 ** (turn.attempt - 1), _LONGEST_RETRY_SECONDS)
        await self._offload.write(self._conversations.delay_turn, turn, retry_after_seconds=pause)

    async def _finish(self, turn: PendingTurn, result: TurnResult) -> None:
        try:
            messages = await self._keep(turn, result)
        except LeaseLost:
            log.info("turn_taken_over", conversation_id=turn.conversation.id)
            self._metrics.turns.labels("lost").inc()
            self._hub.publish(conversation_topic(turn.conversation.id), CHANGED)  # it may have been ourselves: look
            return
        self._metrics.turns.labels("failed" if result.failed else "answered").inc()
        self._metrics.turn_seconds.observe(result.duration_ms / 1000)
        self._push(turn, result, messages)

    async def _keep(self, turn: PendingTurn, result: TurnResult) -> list[Message]:
        """Commit the answer; while the database is away, try again for a while."""
        for _ in range(_KEEP_TRIES - 1):
            try:
                return await self._offload.write(self._conversations.finish_turn, turn, result)
            except StorageUnavailable as error:
                log.warning("answer_not_kept_yet", conversation_id=turn.conversation.id, error=str(error))
                await asyncio.sleep(_KEEP_PAUSE_SECONDS)
        return await self._offload.write(self._conversations.finish_turn, turn, result)

    def _push(self, turn: PendingTurn, result: TurnResult, messages: list[Message]) -> None:
        topic = conversation_topic(turn.conversation.id)
        for message in messages:
            self._hub.publish(topic, message_event(message))
        if not messages:
            self._hub.publish(topic, typing_event("bot", on=False))
        self._hub.publish(topic, {"type": "turn", "message_id": turn.message.id})
        if result.handoff or result.close:
            self._hub.publish(topic, CHANGED)
            self._hub.publish(DESK, {**CHANGED, "conversation_id": turn.conversation.id})
        else:
            self._hub.publish(DESK, said_event(turn.conversation.id, Owner.BOT.value, None))


def _apology(turn: PendingTurn, language: str) -> TurnResult:
    """Give what is said instead of an answer; who already asked for a person gets one without the assistant."""
    if turn.message.body.get("payload") == PERSON_PAYLOAD:
        text = bot_phrases.say(language, "gateway-person-is-asked")
        return TurnResult([{"text": text}], handoff=HandoffWish("assistant_unavailable"), failed=True)
    button = {"title": bot_phrases.say(language, "gateway-talk-to-a-person"), "payload": PERSON_PAYLOAD}
    return TurnResult([{"text": bot_phrases.say(language, "gateway-apology"), "buttons": [button]}], failed=True)
