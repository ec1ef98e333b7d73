"""How the assistant calls the action server: with a deadline of its own, and without hiding a failure."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

import aiohttp
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

REJECTED = 400  # the action declines to run and leaves the turn to other rules: no failure
DOMAIN_WANTED = 449  # the action server does not know this domain yet

_failures: ContextVar[list[str] | None] = ContextVar("action_failures", default=None)


def watch_failures() -> list[str]:
    """Begin to note failed calls of the current task; the list fills while it runs."""
    failures: list[str] = []
    _failures.set(failures)
    return failures


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]
    """Rasa's endpoint with one shared connection pool, a deadline, and a note of every failure.

    Rasa logs a failed action and goes on as if it had run; the channel looks at the notes instead and answers that
    the turn must be tried again. The domain (large) is sent once, later calls name it by its digest.

    Args:
        url: Of the action server's webhook.
        seconds: The longest wait for one action.
        domain: Gives the current domain.
    """

    def __init__(self, url: str, seconds: float, domain: Callable[[], Domain]) -> None:
        super().__init__(url, enable_selective_domain=True)
        self._timeout = aiohttp.ClientTimeout(total=seconds)
        self._domain = domain
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Call an action and return its answer.

        Raises:
            ClientResponseError: The action server refused or failed.
            aiohttp.ClientError: It could not be reached.
            TimeoutError: It took too long.
        """
        failures = _failures.get()
        if failures:
            raise aiohttp.ClientConnectionError("an action of this turn has already failed")
        body = kwargs["json"]
        try:
            return await self._call(body, compress)
        except ClientResponseError as error:
            if error.status != REJECTED and failures is not None:
                failures.append(f"{body['next_action']}: status {error.status}")
            raise
        except (aiohttp.ClientError, TimeoutError) as error:
            if failures is not None:
                failures.append(f"{body['next_action']}: {type(error).__name__} {error}".strip())
            raise

    async def close(self) -> None:
        """Close the connection pool."""
        if self._session is not None:
            await self._session.close()

    async def _call(self, body: dict[str, Any], compress: bool) -> Any:
        domain = self._domain()
        body["domain_digest"] = _digest(domain)
        try:
            return await self._post(body, compress)
        except ClientResponseError as error:
            if error.status != DOMAIN_WANTED:
                raise
        return await self._post({**body, "domain": domain.as_dict()}, compress)

    async def _post(self, body: dict[str, Any], compress: bool) -> Any:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        data = json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        async with self._session.post(self.url, data=data, headers=headers, compress=compress or None) as response:
            if response.status >= 400:
                raise ClientResponseError(response.status, response.reason or "", (await response.read()).decode())
            return await response.json()


_digests: dict[int, tuple[Domain, str]] = {}


def _digest(domain: Domain) -> str:
    known = _digests.get(id(domain))
    if known is None or known[0] is not domain:
        _digests.clear()
        known = _digests[id(domain)] = (domain, domain.fingerprint())
    return known[1]
