"""A rating as people type it."""

from __future__ import annotations

import re
import unicodedata

_WORDS = (
    (1, ("one", "一", "壹")),
    (2, ("two", "二", "两")),
    (3, ("three", "三")),
    (4, ("four", "四")),
    (5, ("five", "五", "满分")),
)
_OUT_OF = re.compile(r"(?:out of|/)\s*(?:5|five|五)|满分\s*(?:是|为)?\s*(?:5|五)\s*分?")
_DIGIT = re.compile(r"(?<![\d.])([1-5])(?![\d.]*\d)")
_ANY_NUMBER = re.compile(r"\d")
_STARS = re.compile(r"[⭐★🌟]")


def read_rating(text: str) -> int | None:
    """Read a score from 1 to 5 (`4`, `five stars`, `四星`, `⭐⭐⭐`, `4 out of 5`).

    Args:
        text: What the customer wrote.

    Returns:
        The score, or None when the text has none or more than one.
    """
    folded = _OUT_OF.sub(" ", unicodedata.normalize("NFKC", text).lower())
    digits = {int(digit) for digit in _DIGIT.findall(folded)}
    if digits or _ANY_NUMBER.search(folded):
        return digits.pop() if len(digits) == 1 and len(_ANY_NUMBER.findall(folded)) == 1 else None
    stars = len(_STARS.findall(folded))
    if stars:
        return stars if stars <= 5 else None
    named = {score for score, names in _WORDS if any(_says(folded, name) for name in names)}
    return named.pop() if len(named) == 1 else None


def _says(folded: str, name: str) -> bool:
    if name.isascii():
        return bool(re.search(rf"\b{name}\b", folded)) and not re.search(rf"\bthe {name}\b", folded)
    return bool(re.search(rf"{name}(?:颗)?(?:星|分)|^\s*{name}\s*$|{name}$", folded)) and f"{name}下" not in folded
