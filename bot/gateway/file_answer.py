"""What the bot says to a file that comes without a word: it cannot look into it, and a person can."""

from __future__ import annotations

from bot.phrases import bot_phrases
from crm_core.records.conversations import Message, TurnResult

PERSON_PAYLOAD = "/request_person"  # the intent behind "talk to a person"


def is_only_a_file(message: Message) -> bool:
    """Tell whether a message has a file and no words that the assistant could answer."""
    return bool(message.body.get("attachment")) and not message.body.get("text")


def file_received(language: str) -> TurnResult:
    """Give the answer to a file; it solves nothing, so it counts as a turn that missed."""
    button = {"title": bot_phrases.say(language, "gateway-talk-to-a-person"), "payload": PERSON_PAYLOAD}
    reply = {"text": bot_phrases.say(language, "gateway-file-received"), "buttons": [button]}
    return TurnResult([reply], {"fallback": True})
