"""Keeps the event loop free: the library's blocking calls run in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 8
_WRITERS = 16


class Offload:
    """Two groups of threads, one for calls that only read and one for calls that write.

    Args:
        one_writer: SQLite lets one connection write at a time and makes the others sleep in growing steps;
            with a single writing thread they queue up here instead, first come first served.
    """

    def __init__(self, *, one_writer: bool) -> None:
        self._readers = ThreadPoolExecutor(_READERS, "gateway-read")
        self._writers = ThreadPoolExecutor(1 if one_writer else _WRITERS, "gateway-write")

    async def read(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a blocking call that only reads."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, partial(call, *args, **kwargs))

    async def write(self, call: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a blocking call that writes."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, partial(call, *args, **kwargs))

    def close(self) -> None:
        """Wait for the running calls and end the threads."""
        self._readers.shutdown()
        self._writers.shutdown()
