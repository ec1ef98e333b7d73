"""Rate limits: per visitor and per address, in memory or shared through Redis."""

from __future__ import annotations

import asyncio

import structlog
from limits import RateLimitItem, RateLimitItemPerMinute
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from limits.storage import storage_from_string

from bot.gateway.errors import Refused
from crm_core.settings import Settings

log = structlog.get_logger(__name__)

_VISITORS_PER_ADDRESS = 20  # an office behind one address still chats
_SESSIONS_PER_MINUTE = 60
_UPLOADS_PER_MINUTE = 10
_ANSWER_SECONDS = 1.0  # a Redis that takes longer is away
_AWAY_SECONDS = 5.0  # and is not asked again before then: no customer waits for it twice


class Limits:
    """What one visitor and one address may do per minute.

    While Redis is away nothing is refused: a chat without limits is better than none.

    Args:
        settings: The limits and where they are counted.
    """

    def __init__(self, settings: Settings) -> None:
        url = settings.redis_url
        storage = (
            storage_from_string(
                f"async+{url}",
                implementation="redispy",
                wrap_exceptions=True,
                socket_timeout=_ANSWER_SECONDS,
                socket_connect_timeout=_ANSWER_SECONDS,
            )
            if url
            else storage_from_string("async+memory://")
        )
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._away_until = 0.0
        self._per_visitor = RateLimitItemPerMinute(settings.messages_per_minute)
        self._per_address = RateLimitItemPerMinute(settings.messages_per_minute * _VISITORS_PER_ADDRESS)
        self._sessions = RateLimitItemPerMinute(max(_SESSIONS_PER_MINUTE, settings.messages_per_minute))
        self._uploads = RateLimitItemPerMinute(_UPLOADS_PER_MINUTE)
        self._sign_ins = RateLimitItemPerMinute(settings.sign_ins_per_minute)

    async def message(self, channel: str, sender: str, address: str) -> None:
        """Count a message.

        Raises:
            Refused: The sender or the address has sent too many.
        """
        await self._count(self._per_visitor, "message", channel, sender)
        await self._count(self._per_address, "address", channel, address)

    async def session(self, address: str) -> None:
        """Count a new visitor token.

        Raises:
            Refused: The address has asked for too many.
        """
        await self._count(self._sessions, "session", address)

    async def upload(self, visitor: str) -> None:
        """Count a file.

        Raises:
            Refused: The visitor has sent too many.
        """
        await self._count(self._uploads, "upload", visitor)

    async def sign_in(self, address: str) -> None:
        """Count a try to sign in.

        Raises:
            Refused: The address has tried too often.
        """
        await self._count(self._sign_ins, "sign-in", address)

    async def _count(self, limit: RateLimitItem, *who: str) -> None:
        now = asyncio.get_running_loop().time()
        if now < self._away_until:
            return
        try:
            allowed = await self._limiter.hit(limit, *who)
        except StorageError as error:
            self._away_until = now + _AWAY_SECONDS
            log.warning("limits_unavailable", error=str(error))
            return
        if not allowed:
            raise Refused("too_many", 429)
