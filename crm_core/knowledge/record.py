"""A customer's words as they are kept to learn from: without what tells who it was."""

from __future__ import annotations

import re

from crm_core.privacy.personal_data import mask_personal_data

_LONGEST = 600  # characters of a question
_ORDER = re.compile(r"(?<![A-Za-z0-9$¥￥€£.,])(?:[A-Za-z]{1,4}[- ]?)?\d{5,}(?![\dA-Za-z元块])")
_MASK = "***"


def for_the_record(text: str, longest: int = _LONGEST) -> str:
    """Mask personal values and order numbers, and shorten what is very long."""
    masked = _ORDER.sub(_MASK, mask_personal_data(text.strip()))
    return masked if len(masked) <= longest else masked[: longest - 1] + "…"
