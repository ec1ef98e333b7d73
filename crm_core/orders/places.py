"""Which of a row of things is meant by its place: "the second one", "最后一个", a bare "2"."""

from __future__ import annotations

import re

_PLACES = tuple(
    re.compile(
        rf"\b(?:{word}|{short})\b|(?:number|no\.?|#)\s*(?:{digit}|{count})\b|^\s*(?:{digit}|{count})\s*[.。]?$"
        rf"|第\s*(?:{digit}|{han})|^{han}$|{digit}号",
        re.IGNORECASE,
    )
    for word, short, digit, count, han in (
        ("first", "1st", "1", "one", "一"),
        ("second", "2nd", "2", "two", "[二两]"),
        ("third", "3rd", "3", "three", "三"),
        ("fourth", "4th", "4", "four", "四"),
        ("fifth", "5th", "5", "five", "五"),
    )
)
_LAST = re.compile(
    r"\b(?:last|bottom) (?:one|in the list)\b|^\s*(?:the )?last\s*$|最后(?:面)?(?:那|一|的)|最下面", re.IGNORECASE
)
_TOP = re.compile(r"\btop one\b|最上面|上面(?:那|的)", re.IGNORECASE)


def read_place(text: str, count: int) -> int | None:
    """Give the place that a text names, from 0; None where it names none of so many."""
    if count and _LAST.search(text):
        return count - 1
    if count and _TOP.search(text):
        return 0
    named = [place for place, pattern in enumerate(_PLACES) if pattern.search(text)]
    return named[-1] if named and named[-1] < count else None
