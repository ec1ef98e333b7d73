"""When a feedback is serious: negative enough, or of a kind, that a person should be offered."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from crm_core.feedback.words import normalise

CLEARLY = 0.7  # a probability from which a sentiment counts as clear
_LISTS = Path(__file__).parent / "wordlists"
_SHOUTED = re.compile(r"[!?]{3,}")
_CAPITALS = re.compile(r"\b[A-Z]{3,}\b")
_SHOUTED_WORDS = 4


def is_serious(text: str, sentiment: dict[str, float]) -> bool:
    """Tell whether a person should be offered.

    Grave words (danger, law, deceit) are enough unless the text is clearly positive; heated words or shouting count
    when it is clearly negative.

    Args:
        text: As it was written.
        sentiment: Probability of each sentiment.
    """
    plain = normalise(text)
    if _grave().search(plain):
        return sentiment.get("positive", 0.0) < CLEARLY
    shouted = bool(_SHOUTED.search(plain)) or len(_CAPITALS.findall(text)) >= _SHOUTED_WORDS
    return sentiment.get("negative", 0.0) >= CLEARLY and (shouted or bool(_heated().search(plain)))


@cache
def _grave() -> re.Pattern[str]:
    return _any_of("grave")


@cache
def _heated() -> re.Pattern[str]:
    return _any_of("heated")


def _any_of(name: str) -> re.Pattern[str]:
    """Compile a list; Latin entries match only where a word begins."""
    lines = (_LISTS / f"{name}.txt").read_text("utf-8").splitlines()
    words = [re.escape(line.strip()) for line in lines if line.strip() and not line.startswith("#")]
    return re.compile("|".join(rf"\b{word}" if word[0].isascii() else word for word in words))
