"""Which files a customer or an agent may send: known by their first bytes, never by their name."""

from __future__ import annotations

import unicodedata

from crm_core.errors import InvalidInput

MAX_BYTES = 8_000_000
_NAME_CHARS = 120
_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)
TYPES = tuple(sorted({kind for _, kind in _SIGNS} | {"image/webp"}))


def type_of(content: bytes) -> str:
    """Tell a file's type by its first bytes.

    Raises:
        InvalidInput: It is empty, too large, or neither a picture nor a PDF.
    """
    if len(content) > MAX_BYTES:
        raise InvalidInput("attachment", len(content), f"is more than {MAX_BYTES} bytes")
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    for sign, kind in _SIGNS:
        if content.startswith(sign):
            return kind
    raise InvalidInput("attachment", content[:8], "is neither a picture nor a PDF")


def clean_name(name: str) -> str:
    """Give a file's name without folders, control characters and signs that turn the direction of reading."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char) not in ("Cc", "Cf", "Cs")).strip()
    return kept[-_NAME_CHARS:] or "file"
