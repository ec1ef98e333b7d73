"""Order numbers as people write them, in one spelling."""

from __future__ import annotations

import re
import unicodedata

from crm_core.errors import InvalidInput

OWN_PREFIX = "RP"
"""What our own order numbers begin with; imported shops have theirs."""

_NOISE = re.compile(r"[\s#.\-_]+")
_NUMBER = re.compile(r"[A-Z]{0,4}\d{4,12}[A-Z]?")
_LATEST = re.compile(
    r"\b(?:latest|last(?! (?:\w+day|week|weekend|month|year|night)\b)|newest|most recent)\b"
    r"|最近|最新|上一[个单笔]|刚[买下]",
    re.IGNORECASE,
)
_IN_TEXT = re.compile(r"(?<![A-Za-z0-9+@.])(?:[A-Za-z]{1,4}[ \-]?)?\d{4,12}[A-Za-z]?(?![A-Za-z0-9@])")


def read_number(text: str) -> str:
    """Give an order number in its one spelling: `rp-100 234` and `#RP100234` are both `RP100234`.

    Raises:
        InvalidInput: It does not look like an order number.
    """
    folded = _NOISE.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not _NUMBER.fullmatch(folded):
        raise InvalidInput("order_number", text, "does not look like an order number")
    return folded


def find_number(text: str) -> str | None:
    """Give the last thing in a sentence that looks like an order number, or None.

    The last one counts, because people correct themselves: "RP100234, no, RP100235".
    """
    found = _IN_TEXT.findall(unicodedata.normalize("NFKC", text))
    for candidate in reversed(found):
        digits = sum(character.isdigit() for character in candidate)
        if digits <= 10:  # longer ones are phone numbers
            word = candidate.split()[-1] if " " in candidate and not _prefixed(candidate) else candidate
            return read_number(word)
    return None


def means_latest(text: str) -> bool:
    """Tell whether a sentence speaks of the latest order: "my last order", "最近的订单"."""
    return _LATEST.search(text) is not None


def _prefixed(candidate: str) -> bool:
    """Tell `RP 100234` from a number that merely follows a short word, as in `is 100234`."""
    prefix = candidate.split()[0]
    return prefix.isupper() or prefix.upper() == OWN_PREFIX
