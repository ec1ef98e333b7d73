"""A program that talks over Rasa's REST webhook, one message at a time, repeating it until it is answered."""

from __future__ import annotations

import asyncio
import random
import uuid

import httpx

from benchmarks.chaos.journal import Journal, Written

_PATIENCE_SECONDS = 45.0  # longer than the gateway's own
_PAUSE_SECONDS = 0.5


class RestClient:
    """A program and its one user.

    Args:
        gateways: The addresses among which its requests are shared out.
        chance: Decides everything that is left to chance.
        http: The connections, shared with others.
    """

    def __init__(self, gateways: list[str], chance: random.Random, http: httpx.AsyncClient) -> None:
        self._gateways = gateways
        self._chance = chance
        self._http = http
        self.journal = Journal("rest", str(uuid.UUID(int=chance.getrandbits(128))))

    async def say(self, text: str, *, cut: bool = False) -> None:
        """Write a message and repeat it until it is answered.

        Args:
            text: What is said.
            cut: Whether the line breaks soon after the first try was sent.
        """
        message = Written(str(uuid.UUID(int=self._chance.getrandbits(128))), text)
        self.journal.written.append(message)
        patience = self._chance.uniform(0.0, 0.4) if cut else _PATIENCE_SECONDS
        while not await self._answered(message, patience):
            if patience != _PATIENCE_SECONDS:
                self.journal.cuts += 1
            patience = _PATIENCE_SECONDS
            await asyncio.sleep(self._chance.uniform(0.1, _PAUSE_SECONDS))

    async def _answered(self, message: Written, patience: float) -> bool:
        address = f"{self._chance.choice(self._gateways)}/webhooks/rest/webhook"
        body = {"sender": self.journal.party, "message": message.text, "metadata": {"message_id": message.id}}
        try:
            async with asyncio.timeout(patience):
                response = await self._http.post(address, json=body)
        except httpx.ConnectError:  # nobody has heard it
            return False
        except (httpx.HTTPError, TimeoutError):
            self.journal.resends += 1  # the next try is one
            return False
        if response.status_code != httpx.codes.OK:
            self.journal.resends += 1
            return False
        self.journal.confirmed[message.id] = None
        self.journal.answers[message.id] = [answer["text"] for answer in response.json() if answer.get("text")]
        return True
