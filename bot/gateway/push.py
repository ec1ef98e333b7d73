"""Live push: who is looking at a conversation (or at the desk) learns at once that it changed.

Push is a hint, never the truth: readers keep a cursor and read the database again when an event leaves a gap.
So nothing is lost when an event is.
"""

from __future__ import annotations

import asyncio
import json
import weakref
from collections import deque
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Any, Self

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from crm_core.clock import new_id

Event = dict[str, Any]

DESK = "desk"
CHANGED: Event = {"type": "changed"}
_WAITING_EVENTS = 256  # a reader further behind than this reads the database instead
_RECONNECT_SECONDS = 1.0
_ANSWER_SECONDS = 2.0  # a Redis that takes longer is away
_LISTEN_SECONDS = 5.0  # of silence, before Redis is asked whether it is there
_PREFIX = "rapport:"
_EVERYTHING = "*"  # the topic on which a gateway says that it could not tell the others of changes

log = structlog.get_logger(__name__)


def conversation_topic(conversation_id: str) -> str:
    """Give the topic of one conversation."""
    return f"conversation:{conversation_id}"


def said_event(conversation_id: str, owner: str, agent_id: str | None) -> Event:
    """Give the desk's event for words in a conversation that changed no hands: few desks have to look for those.

    Args:
        conversation_id: Where it was said.
        owner: Who has the conversation: `bot`, `queue` or `human`.
        agent_id: The person who has it, if one has.
    """
    return {**CHANGED, "conversation_id": conversation_id, "owner": owner, "agent_id": agent_id}


class Subscription:
    """The events of one topic from the moment of subscribing; an async iterator.

    It ends when it is closed, leaves its `with` block or is no longer referenced.
    """

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._closed = False

    def close(self) -> None:
        """Stop; a waiting reader is released."""
        self._closed = True
        self._arrived.set()

    def put(self, event: Event) -> None:
        """Hand over an event, from any thread."""
        try:
            running = asyncio.get_running_loop()
        except RuntimeError:
            running = None
        if running is self._loop:
            self._put(event)
        elif not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._put, event)

    def _put(self, event: Event) -> None:
        if len(self._events) >= _WAITING_EVENTS:
            self._events.clear()
            event = CHANGED
        self._events.append(event)
        self._arrived.set()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            if self._closed:
                raise StopAsyncIteration
            self._arrived.clear()
            await self._arrived.wait()
        return self._events.popleft()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Hub:
    """Live push inside one gateway process."""

    def __init__(self) -> None:
        self._subscriptions: dict[str, weakref.WeakSet[Subscription]] = {}

    def publish(self, topic: str, event: Event) -> None:
        """Tell every subscriber of a topic; never blocks, never fails, may be called from any thread.

        Args:
            topic: `desk` or `conversation:<id>`.
            event: JSON-able; `{"type": "changed"}` where the reader shall read the database again.
        """
        subscriptions = self._subscriptions.get(topic)
        if subscriptions is None:
            return
        for subscription in tuple(subscriptions):
            if subscription._closed:
                subscriptions.discard(subscription)
            else:
                subscription.put(event)
        if not subscriptions:
            self._subscriptions.pop(topic, None)

    def subscribe(self, topic: str) -> Subscription:
        """Begin to listen: `with hub.subscribe(topic) as events:` and then `async for event in events`.

        Whatever is published after this call returns is received, so subscribe first and read the backlog then.
        """
        subscription = Subscription()
        self._subscriptions.setdefault(topic, weakref.WeakSet()).add(subscription)
        return subscription

    async def start(self) -> None:
        """Begin to work; the hub of one process has nothing to begin."""

    async def stop(self) -> None:
        """Release every reader."""
        for subscriptions in tuple(self._subscriptions.values()):
            for subscription in tuple(subscriptions):
                subscription.close()
        self._subscriptions.clear()

    def _everyone_rereads(self) -> None:
        for topic in tuple(self._subscriptions):
            Hub.publish(self, topic, CHANGED)


class RedisHub(Hub):
    """Live push between several gateways by Redis pub/sub.

    Own subscribers are told directly; the other gateways through Redis. While Redis is away only they wait, and when it
    is back everyone reads the database once: whoever could not listen, and at the others, whoever could not be told.

    Args:
        url: `redis://…`.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._redis = Redis.from_url(url, socket_timeout=_ANSWER_SECONDS, socket_connect_timeout=_ANSWER_SECONDS)
        self._origin = new_id()
        self._outgoing: asyncio.Queue[tuple[str, str]] = asyncio.Queue(maxsize=10_000)
        self._untold = False  # something could not be sent on: the others have to look again
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None

    def publish(self, topic: str, event: Event) -> None:
        """Tell every subscriber of a topic, here and at the other gateways."""
        super().publish(topic, event)
        if self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._enqueue, topic, self._packet(event))

    async def start(self) -> None:
        """Connect in the background."""
        self._loop = asyncio.get_running_loop()
        self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._listen())]

    async def stop(self) -> None:
        """Disconnect and release every reader."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._redis.aclose()
        await super().stop()

    def _enqueue(self, topic: str, packet: str) -> None:
        if self._outgoing.full():
            self._untold = True
        else:
            self._outgoing.put_nowait((topic, packet))

    async def _send(self) -> None:
        while True:
            topic, packet = await self._outgoing.get()
            if not await self._sent(topic, packet):
                self._untold = True
            while self._untold:
                await asyncio.sleep(_RECONNECT_SECONDS)
                self._untold = not await self._sent(_EVERYTHING, self._packet(CHANGED))

    async def _sent(self, topic: str, packet: str) -> bool:
        try:
            await self._redis.publish(_PREFIX + topic, packet)
        except (RedisError, OSError) as error:
            log.warning("push_not_sent", topic=topic, error=str(error))
            return False
        return True

    async def _listen(self) -> None:
        while True:
            try:
                await self._receive()
            except (RedisError, OSError) as error:
                log.warning("push_disconnected", error=str(error))
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _receive(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.psubscribe(f"{_PREFIX}*")
            self._everyone_rereads()
            asked = False
            while True:
                packet = await channel.get_message(timeout=_LISTEN_SECONDS)
                if packet is None and asked:
                    raise OSError("Redis does not answer")
                if asked := packet is None:
                    await channel.ping()
                elif packet["type"] == "pmessage":
                    self._deliver(packet["channel"].decode().removeprefix(_PREFIX), packet["data"])

    def _deliver(self, topic: str, data: bytes) -> None:
        packet = json.loads(data)
        if packet["origin"] == self._origin:
            return
        if topic == _EVERYTHING:
            self._everyone_rereads()
        else:
            Hub.publish(self, topic, packet["event"])

    def _packet(self, event: Event) -> str:
        return json.dumps({"origin": self._origin, "event": event}, ensure_ascii=False)


def make_hub(redis_url: str) -> Hub:
    """Give the hub that fits the settings: in-process, or Redis where a URL is set."""
    return RedisHub(redis_url) if redis_url else Hub()
