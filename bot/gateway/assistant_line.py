"""The line to one assistant."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from crm_core.settings import Settings

_PATH = "/webhooks/gateway/turn"
_HEALTH_PATH = "/webhooks/gateway/"
_CONNECT_SECONDS = 2.0
_HEALTH_SECONDS = 2.0
_LOOK_SECONDS = 1.0
_KEEP_ALIVE_SECONDS = 4.0  # Sanic hangs up after five: never send into a line it is about to close
_CONNECTIONS = 64


class Unreachable(Exception):
    """An assistant gave no answer at all."""


class AssistantLine:
    """Calls one assistant's gateway channel.

    Args:
        address: Where it is.
        settings: The token to show, and how long a turn may take.
        transport: Replaces the network in tests.
    """

    def __init__(self, address: str, settings: Settings, transport: httpx.AsyncBaseTransport | None) -> None:
        self.address = address
        self._client = httpx.AsyncClient(
            base_url=address,
            headers=token_headers(settings),
            timeout=httpx.Timeout(settings.turn_seconds, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_KEEP_ALIVE_SECONDS),
            transport=transport,
            trust_env=False,
        )
        self._rest: asyncio.Task[None] | None = None

    @property
    def resting(self) -> bool:
        """Whether it could not be reached and has not said since that it is well."""
        return self._rest is not None and not self._rest.done()

    def rest(self) -> None:
        """Leave it alone until it is well."""
        if not self.resting:
            self._rest = asyncio.create_task(self._until_well())

    async def post(self, question: dict[str, Any]) -> httpx.Response:
        """Ask for a message's answer.

        Raises:
            Unreachable: There is none.
        """
        try:
            try:
                return await self._client.post(_PATH, json=question)
            except httpx.RemoteProtocolError:  # a kept line that the other side had just closed
                return await self._client.post(_PATH, json=question)
        except httpx.HTTPError as error:
            raise Unreachable(f"{type(error).__name__}: {error}") from error

    async def problem(self) -> str | None:
        """Say what keeps it from answering, or nothing when it is ready."""
        try:
            response = await self._client.get(_HEALTH_PATH, timeout=_HEALTH_SECONDS)
        except httpx.HTTPError as error:
            return f"assistant: {type(error).__name__}"
        return None if response.is_success else f"assistant: status {response.status_code}"

    async def close(self) -> None:
        """Hang up."""
        if self._rest is not None:
            self._rest.cancel()
            await asyncio.gather(self._rest, return_exceptions=True)
        await self._client.aclose()

    async def _until_well(self) -> None:
        while await self.problem():
            await asyncio.sleep(_LOOK_SECONDS)


def token_headers(settings: Settings) -> dict[str, str]:
    """Give the headers by which an assistant knows the gateway."""
    return {"Authorization": f"Bearer {settings.assistant_token.get_secret_value()}"}
