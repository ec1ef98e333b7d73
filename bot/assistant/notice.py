"""What is noticed of a message beside its meaning: anger, silence, and that it comes after a pause."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from bot.assistant.components.anger import signs_of_anger

PAUSE_SECONDS = 3_600.0
"""After this long a customer is told what was going on."""

PRESENCE = "check_presence"
"""The intent of a message that says nothing but waits for a word."""

EMPATHETIC = frozenset({"give_complaint", "chitchat_insult", "request_person"})
"""Intents whose own answer takes notice of anger."""

LISTENING = frozenset({"feedback_form", "rating_comment_form"})
"""Forms to which anger may be told."""

_FILE = Path(__file__).with_name("notice.yml")
_SIGNS = {"P", "Z", "C"}  # punctuation, space, control: the kinds of characters that say nothing; emoji say something


@dataclass(frozen=True)
class Notice:
    """What is noticed.

    Attributes:
        anger: What shows that the customer is angry; empty where they are not.
        presence: They only ask whether anybody is there.
        pause: They come back after a long time.
    """

    anger: tuple[str, ...] = ()
    presence: bool = False
    pause: bool = False

    def needs_calm(self, intent: str, form: str | None) -> bool:
        """Tell whether a sentence of understanding goes in front of the answer."""
        return bool(self.anger) and intent not in EMPATHETIC and form not in LISTENING


def notice_of(text: str, *, form: str | None, silent_seconds: float) -> Notice:
    """Look at what a customer typed.

    Args:
        text: As it was typed.
        form: The form that is open.
        silent_seconds: How long ago their last message was.
    """
    says_nothing = bool(text) and all(unicodedata.category(sign)[0] in _SIGNS for sign in text)
    asks = form is not None and _presence().fullmatch(text.strip(" .。!！~").lower()) is not None
    return Notice(
        anger=tuple(signs_of_anger(text)),
        presence=says_nothing or asks,
        pause=silent_seconds >= PAUSE_SECONDS,
    )


@cache
def _presence() -> re.Pattern[str]:
    patterns = yaml.safe_load(_FILE.read_text("utf-8"))["presence"]
    return re.compile("|".join(f"(?:{pattern})[?？!！]*" for pattern in patterns))
