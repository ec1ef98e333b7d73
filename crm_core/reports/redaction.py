"""Personal values inside running text, masked before a manager reads it."""

from __future__ import annotations

import re

from crm_core.privacy.masking import mask_email, mask_phone

_EMAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])\+?\d[\d ().-]{5,}\d(?![A-Za-z0-9])")


def redact(text: str) -> str:
    """Mask e-mail addresses and long numbers (phones, cards, customer numbers) in a text."""
    text = _EMAIL.sub(lambda found: mask_email(found.group()), text)
    return _NUMBER.sub(lambda found: mask_phone("".join(re.findall(r"\d", found.group()))), text)
