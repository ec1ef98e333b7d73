"""What a message does, whatever it is about: announce something, say it, or ask."""

from __future__ import annotations

import re
from functools import cache

from crm_core.catalogue.words import fold, is_han, word_list, words

_QUESTION = re.compile(
    r"[?？]\s*$|^\s*(?:where|when|what|which|who|how|can|could|may|do|does|is|are)\b|吗|什么|哪|多少|几时|怎么",
    re.IGNORECASE,
)
_ENOUGH_HAN = 4  # characters beyond the frame
_ENOUGH_LATIN = 2  # words beyond the frame


def says_more(text: str) -> bool:
    """Tell whether a complaint, praise or suggestion is in the message, not only its announcement.

    Args:
        text: What the customer wrote.
    """
    folded = fold(text)
    for phrase in word_list("frames_feedback_zh"):
        folded = folded.replace(phrase, " ")
    found = words(folded)
    latin = [word for word in found if not is_han(word) and word not in _frame()]
    han = [word for word in found if is_han(word) and len(word) == 1]
    return len(latin) >= _ENOUGH_LATIN or len(han) >= _ENOUGH_HAN or (bool(latin) and len(han) >= 2)


def asks(text: str) -> bool:
    """Tell whether a message is put as a question.

    Args:
        text: What the customer wrote.
    """
    return bool(_QUESTION.search(fold(text)))


@cache
def _frame() -> frozenset[str]:
    return frozenset(word for line in word_list("frames_feedback_en") for word in words(line))
