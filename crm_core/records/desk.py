"""What members of staff leave in a conversation for each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Note:
    """What one of the staff wrote for colleagues; customers never see it."""

    id: str
    conversation_id: str
    agent_id: str
    after_seq: int  # its place: after this message of the log
    text: str  # empty where the conversation was erased
    created_at: datetime
    mentions: tuple[str, ...] = ()  # ids of colleagues


@dataclass(frozen=True, slots=True)
class Mention:
    """A note in which somebody is mentioned, as that person sees it."""

    note: Note
    read: bool


@dataclass(frozen=True, slots=True)
class CannedReply:
    """A ready-made reply."""

    shortcut: str  # typed after a slash
    texts: dict[str, str]  # language → text with places in braces
    changed_by: str
    changed_at: datetime

    def text(self, language: str) -> str:
        """Give the text in a language, or in another where there is none."""
        return self.texts.get(language) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done in a conversation, by whom and when."""

    what: str  # a code: handoff_requested, agent_joined, note_added, tag_added, unmasked, closed …
    at: datetime
    actor: str  # an agent's id, or customer, bot, system
    detail: dict[str, Any] = field(default_factory=dict)  # codes and labels, never personal words
