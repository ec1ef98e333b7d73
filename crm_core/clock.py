"""The time and the identifiers, in one place so that tests can pass their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import uuid_utils

Clock = Callable[[], datetime]


def now() -> datetime:
    """Give the present moment as aware UTC."""
    return datetime.now(UTC)


def new_id() -> str:
    """Give a fresh UUIDv7 (time-ordered, RFC 9562) as text."""
    return str(uuid_utils.uuid7())
