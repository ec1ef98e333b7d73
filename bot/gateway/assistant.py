"""The line to the assistant: one HTTP call per turn to its own channel."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import httpx
from pydantic import ValidationError

from bot.gateway.bodies import Answer, turn_result
from crm_core.errors import AssistantUnavailable
from crm_core.records.conversations import PendingTurn, TurnResult
from crm_core.settings import Settings

_PATH = "/webhooks/gateway/turn"
_HEALTH_PATH = "/webhooks/gateway/"
_CONVERSATIONS_PATH = "/webhooks/gateway/conversations"
_CONNECT_SECONDS = 2.0
_HEALTH_SECONDS = 2.0
_FORGET_SECONDS = 10.0
_KEEP_ALIVE_SECONDS = 4.0  # Sanic hangs up after five: never send into a line it is about to close
_CONNECTIONS = 64


class Assistant:
    """Calls the assistant's gateway channel.

    Args:
        settings: Where it is, the token to show, and how long a turn may take.
        transport: Replaces the network in tests.
    """

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self._client = httpx.AsyncClient(
            base_url=settings.assistant,
            headers=_token(settings),
            timeout=httpx.Timeout(settings.turn_seconds, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE_SECONDS),
            transport=transport,
            trust_env=False,
        )

    async def answer(self, turn: PendingTurn, language: str) -> TurnResult:
        """Let the assistant answer a message.

        Asking again with the same message is safe: the channel gives the recorded answer.

        Args:
            turn: The message whose turn it is.
            language: `"en"` or `"zh"`, of this message.

        Raises:
            AssistantUnavailable: It cannot be reached, is too slow, or gave no usable answer.
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
        started = time.perf_counter()
        answer = _read(await self._post(question), turn.message.id)
        return turn_result(answer, (time.perf_counter() - started) * 1000)

    async def problem(self) -> str | None:
        """Say what keeps the assistant from answering, or nothing when it is ready."""
        try:
            response = await self._client.get(_HEALTH_PATH, timeout=_HEALTH_SECONDS)
        except httpx.HTTPError as error:
            return f"assistant: {type(error).__name__}"
        return None if response.is_success else f"assistant: status {response.status_code}"

    async def close(self) -> None:
        """Hang up."""
        await self._client.aclose()

    async def _post(self, question: dict[str, Any]) -> httpx.Response:
        try:
            try:
                response = await self._client.post(_PATH, json=question)
            except httpx.RemoteProtocolError:  # a kept line that the other side had just closed
                response = await self._client.post(_PATH, json=question)
        except httpx.HTTPError as error:
            raise AssistantUnavailable(f"{type(error).__name__}: {error}") from error
        if response.status_code != httpx.codes.OK:
            raise AssistantUnavailable(f"status {response.status_code}: {response.text[:200]}")
        return response


def forget(
    settings: Settings, conversation_ids: Sequence[str], transport: httpx.BaseTransport | None = None
) -> dict[str, str]:
    """Make the assistant forget conversations; asking again for one that is forgotten is safe.

    Args:
        settings: Where it is, and the token to show.
        conversation_ids: Which ones.
        transport: Replaces the network in tests.

    Returns:
        Those that it still remembers, each with the reason; empty when all went well.
    """
    remembered: dict[str, str] = {}
    with httpx.Client(
        base_url=settings.assistant,
        headers=_token(settings),
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


def _token(settings: Settings) -> dict[str, str]:
    return {"Authorization": f"Bearer {settings.assistant_token.get_secret_value()}"}


def _read(response: httpx.Response, message_id: str) -> Answer:
    try:
        answer = Answer.model_validate_json(response.content)
    except ValidationError as error:
        raise AssistantUnavailable(f"unusable answer: {error.error_count()} problems") from error
    if answer.message_id != message_id:
        raise AssistantUnavailable(f"answer to another message: {answer.message_id}")
    return answer
