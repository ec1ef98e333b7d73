"""Which of our languages a text is in."""

from __future__ import annotations

import re
from functools import cache

LANGUAGES = ("en", "zh")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
# Addresses, links and order numbers; bounded, so that a text of one long word is read in linear time.
_NO_WORDS = re.compile(r"[^\s@]{1,64}@\S+|https?://\S+|www\.\S+|\b[A-Za-z]{0,3}[-_]?\d\w*")


def detect_language(text: str, default: str) -> str:
    """Tell whether a text is Chinese or English.

    The script decides where there is one to see: a text with Han characters is Chinese unless Latin words
    outnumber them. A text with neither (an order number, an e-mail address, an emoji) keeps the conversation's
    language.

    Args:
        text: What somebody wrote.
        default: The language to keep when the text shows none.

    Returns:
        `"en"` or `"zh"`.
    """
    text = _NO_WORDS.sub(" ", text)
    han = len(_HAN.findall(text))
    words = len(_LATIN_WORD.findall(text))
    if not han and not words:
        return default
    if han:
        return "zh" if han >= words else "en"
    return "en" if default == "en" or words >= 2 else default


@cache
def locale_of(language: str) -> str:
    """Give the Babel locale of one of our languages."""
    return {"en": "en_US", "zh": "zh_Hans_CN"}[language]
