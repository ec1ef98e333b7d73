"""Products that differ only in colour or size."""

from __future__ import annotations


def family(title_en: str) -> str:
    """Give what the titles of such products share: all before the last comma."""
    return title_en.rpartition(",")[0] or title_en
