"""What a search over conversations asks for and finds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_core.records.conversations import Author, Conversation


@dataclass(frozen=True, slots=True)
class Where:
    """Which conversations are searched; None is any.

    Attributes:
        status: open or closed.
        agent_id: Somebody who had the conversation at some time.
        channel: Where the customer wrote.
        since: When the message was written at the earliest.
        before: The moment before which it was written.
    """

    status: str | None = None
    agent_id: str | None = None
    channel: str | None = None
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the text around a hit."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation in which the words were said, with the newest message that holds them all.

    Attributes:
        parts: The words around the first place, those that were looked for marked.
    """

    conversation: Conversation
    seq: int
    author: Author
    at: datetime
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, the newest conversation first.

    Attributes:
        more: Whether there are further ones behind these.
        too_short: Whether there was no word to look for: nothing, or a single Han character.
    """

    hits: tuple[Hit, ...]
    more: bool = False
    too_short: bool = False
