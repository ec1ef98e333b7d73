"""The assistants: one HTTP call per turn, to the one that has the conversation at hand or, if it is away, another."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Sequence
from typing import Any

import httpx
from pydantic import ValidationError

from bot.gateway.assistant_line import AssistantLine, Unreachable, token_headers
from bot.gateway.bodies import Answer, turn_result
from crm_core.errors import AssistantUnavailable
from crm_core.records.conversations import PendingTurn, TurnResult
from crm_core.settings import Settings

_CONVERSATIONS_PATH = "/webhooks/gateway/conversations"
_CONNECT_SECONDS = 2.0
_FORGET_SECONDS = 10.0
_DOUBT_SECONDS = 3.0  # a turn that takes longer: does its assistant live at all?


class Assistant:
    """Calls the gateway channel of one assistant, or of several that share their tracker store.

    A conversation stays with one assistant, which has it in memory. One that cannot be reached or hangs is left alone
    until it says that it is well, and its conversations go to the others.

    Each is asked for so many answers at once and no more: further turns wait here, where waiting costs nothing and no
    time runs, while an assistant with hundreds before it would be too late for every one of them.

    Args:
        settings: Where they are, the token to show, and how long a turn may take.
        transport: Replaces the network in tests.
    """

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._seconds = settings.turn_seconds
        self._lines = [AssistantLine(address, settings, transport) for address in settings.assistants]
        self._places = asyncio.Semaphore(settings.assistant_turns * len(self._lines))

    async def answer(self, turn: PendingTurn, language: str) -> TurnResult:
        """Let an assistant answer a message.

        Asking again with the same message is safe: the channel gives the recorded answer.

        Args:
            turn: The message whose turn it is.
            language: `"en"` or `"zh"`, of this message.

        Raises:
            AssistantUnavailable: None can be reached, it is too slow, or gave no usable answer.
        """
        body = turn.message.body
        question: dict[str, Any] = {
            "conversation_id": turn.conversation.id,
            "message_id": turn.message.id,
            "text": body.get("text", ""),
            "language": language,
        }
        if payload := body.get("payload"):
            question["payload"] = payload
        async with self._places:
            started = time.perf_counter()
            response = await self._ask(question)
        if response.status_code != httpx.codes.OK:
            raise AssistantUnavailable(f"status {response.status_code}: {response.text[:200]}")
        return turn_result(_read(response, turn.message.id), (time.perf_counter() - started) * 1000)

    async def problem(self) -> str | None:
        """Say what keeps every assistant from answering, or nothing when one is ready."""
        problems = await asyncio.gather(*(line.problem() for line in self._lines))
        return None if None in problems else "; ".join(problem for problem in problems if problem)

    async def close(self) -> None:
        """Hang up."""
        for line in self._lines:
            await line.close()

    async def _ask(self, question: dict[str, Any]) -> httpx.Response:
        """Ask the assistants in the conversation's order until one answers, within the time of one turn."""
        try:
            async with asyncio.timeout(self._seconds):
                for line in self._in_order(question["conversation_id"]):
                    try:
                        return await self._ask_one(line, question)
                    except Unreachable as error:
                        line.rest()
                        last = error
                raise AssistantUnavailable(str(last)) from last
        except TimeoutError as error:
            raise AssistantUnavailable(f"no answer within {self._seconds:g} s") from error

    async def _ask_one(self, line: AssistantLine, question: dict[str, Any]) -> httpx.Response:
        """Ask one; where there are others, it is not waited for once it hangs."""
        if len(self._lines) == 1:
            return await line.post(question)
        call = asyncio.create_task(line.post(question))
        try:
            while not (await asyncio.wait([call], timeout=_DOUBT_SECONDS))[0]:
                if await line.problem():
                    raise Unreachable("it hangs")
            return call.result()
        finally:
            call.cancel()

    def _in_order(self, conversation_id: str) -> list[AssistantLine]:
        """Give the assistants, the conversation's own first, those that rest last."""

        def rank(line: AssistantLine) -> tuple[bool, bytes]:
            return line.resting, hashlib.blake2b(f"{line.address} {conversation_id}".encode()).digest()

        return sorted(self._lines, key=rank)


def forget(
    settings: Settings, conversation_ids: Sequence[str], transport: httpx.BaseTransport | None = None
) -> dict[str, str]:
    """Make every assistant forget conversations; asking again for one that is forgotten is safe.

    Args:
        settings: Where they are, and the token to show.
        conversation_ids: Which ones.
        transport: Replaces the network in tests.

    Returns:
        Those that one still remembers, each with the reason; empty when all went well.
    """
    remembered: dict[str, str] = {}
    for address in settings.assistants:
        remembered |= _forget_at(address, settings, conversation_ids, transport)
    return remembered


def _forget_at(
    address: str, settings: Settings, conversation_ids: Sequence[str], transport: httpx.BaseTransport | None
) -> dict[str, str]:
    remembered: dict[str, str] = {}
    with httpx.Client(
        base_url=address,
        headers=token_headers(settings),
        timeout=httpx.Timeout(_FORGET_SECONDS, connect=_CONNECT_SECONDS),
        transport=transport,
        trust_env=False,
    ) as client:
        for place, conversation_id in enumerate(conversation_ids):
            try:
                response = client.delete(f"{_CONVERSATIONS_PATH}/{conversation_id}")
            except httpx.TransportError as error:  # it is away: the others would only wait for it as well
                return remembered | dict.fromkeys(conversation_ids[place:], type(error).__name__)
            if not response.is_success:
                remembered[conversation_id] = f"status {response.status_code}"
    return remembered


def _read(response: httpx.Response, message_id: str) -> Answer:
    try:
        answer = Answer.model_validate_json(response.content)
    except ValidationError as error:
        raise AssistantUnavailable(f"unusable answer: {error.error_count()} problems") from error
    if answer.message_id != message_id:
        raise AssistantUnavailable(f"answer to another message: {answer.message_id}")
    return answer
