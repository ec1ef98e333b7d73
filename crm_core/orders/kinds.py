"""Return, refund or exchange: which of them a correction wants ("make it the refund, not the exchange")."""

from __future__ import annotations

import re

_KINDS = {
    "refund": re.compile(r"\b(?:refund\w*|money(?: back)?)\b|退款|退钱", re.IGNORECASE),
    "exchange": re.compile(r"\b(?:exchang\w*|swap\w*|replac\w*)\b|换货|调换|换一[个件双]|换个|换新", re.IGNORECASE),
    "return": re.compile(r"\b(?:return\w*|send(?:ing)? (?:it |them )?back)\b|退货|寄回|退回", re.IGNORECASE),
}
_REFUSED = re.compile(
    r"(?:\b(?:not|no|don'?t|instead of|rather than|without)\b[^,.;]{0,18}|(?:不要|不是|不想|不|别|而不是)\s*)$",
    re.IGNORECASE,
)


def corrected_kind(text: str) -> str | None:
    """Give the one kind that a message wants; None where it names none, or several."""
    wanted = {
        kind
        for kind, pattern in _KINDS.items()
        for found in pattern.finditer(text)
        if not _REFUSED.search(text[: found.start()])
    }
    return wanted.pop() if len(wanted) == 1 else None
