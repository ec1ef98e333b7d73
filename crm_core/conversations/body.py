"""What may be said: a message's body checked and cleaned before it is kept."""

from __future__ import annotations

import unicodedata

from crm_core.errors import InvalidInput
from crm_core.records.conversations import Body

_KEPT_CONTROLS = frozenset("\n\t")


def clean_text(text: str) -> str:
    """Take out control characters and halves of characters; leave line breaks, emoji and every script alone."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    lines = whole.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        character for character in lines if character in _KEPT_CONTROLS or unicodedata.category(character) != "Cc"
    )


def checked(body: Body, max_chars: int) -> Body:
    """Give the body of a person's message with its text cleaned.

    Args:
        body: What the sender gave; `text` is required, and may be empty beside a payload or an attachment.
        max_chars: The longest text that is taken.

    Raises:
        InvalidInput: There is no text, or too much of it.
    """
    text = body.get("text")
    if not isinstance(text, str):
        raise InvalidInput("text", text, "is not a text")
    if len(text) > max_chars:
        raise InvalidInput("text", text, f"is longer than {max_chars} characters")
    cleaned = clean_text(text).strip()
    if not cleaned and not body.get("payload") and not body.get("attachment"):
        raise InvalidInput("text", text, "is empty")
    return {**body, "text": cleaned}
