"""What a colleague once wrote to one customer, made fit to be shown in another's conversation."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from crm_core.privacy.masking import HIDDEN
from crm_core.privacy.personal_data import mask_personal_data

MASK = HIDDEN
_NAME = r"[A-Z][\w’'-]+"
_GREETING_EN = re.compile(
    rf"\b((?i:hi|hello|hey|dear|good (?:morning|afternoon|evening)))\s+{_NAME}(?:\s+{_NAME}){{0,2}}"
)
_THANKS_EN = re.compile(rf"\b((?i:thanks|thank you|sorry)),?\s+(?!(?i:for|to|you|so|very|again|and|we|i|the)\b){_NAME}")
_CODE = re.compile(r"\b(?=\w*[A-Za-z])(?=(?:\w*\d){4})\w{7,}\b", re.ASCII)
_AGAIN = re.compile(r"\*{3}(?:\s?\*{3})+")
_GREETED = re.compile(r"\b((?i:hi|hello|hey|dear|thanks|thank you)),?\s+\*{3}")
_GREETED_ZH = re.compile(r"^\*{3}[，,]?(您好|你好)|(您好|你好|尊敬的|亲爱的)\*{3}")
_INTRODUCED = r"((?:(?i:this is|i am|i['’]m|my name is)\s+)|我是)"
_SHORTEST = 2  # characters of a known value
_SHORT = 3  # characters: `An` is a name, `an` is none


def without_person(text: str, known: Iterable[str], colleagues: Collection[str] = (), me: str = "") -> str:
    """Mask who somebody is in a text that was written to them.

    Args:
        text: What was written.
        known: What is known of them: name, address, city, numbers of their orders.
        colleagues: Names of the staff, of whom one wrote it and may have said so.
        me: The name that stands there instead.
    """
    for name in sorted(colleagues, key=len, reverse=True):
        text = re.sub(_INTRODUCED + re.escape(name) + r"\b", lambda found: found[1] + me, text)
    text = _GREETING_EN.sub(r"\1", text)
    text = _THANKS_EN.sub(r"\1", text)
    for value in sorted({part for each in known for part in _parts(each)}, key=len, reverse=True):
        text = re.sub(_whole(value), MASK, text, flags=re.IGNORECASE if len(value) > _SHORT else 0)
    text = _CODE.sub(MASK, mask_personal_data(text, shown=lambda kind, value: MASK))
    return _GREETED_ZH.sub(lambda found: found[1] or found[2], _GREETED.sub(r"\1", _AGAIN.sub(MASK, text)))


def masks(text: str) -> int:
    """Count what is masked in a text."""
    return text.count(MASK)


def _parts(value: str) -> list[str]:
    """Give a value and its words; a short one masks only itself where it is a whole word."""
    words = [word for word in re.split(r"[\s,，]+", value) if len(word) >= _SHORTEST]
    return [value.strip(), *words] if len(value.strip()) >= _SHORTEST else []


def _whole(value: str) -> str:
    escaped = re.escape(value)
    return rf"(?<!\w){escaped}(?!\w)" if value.isascii() else escaped
