"""Personal values as they are shown to those who may not see them whole."""

from __future__ import annotations


def mask_email(value: str) -> str:
    """Show the first letter and the domain: `a***@example.com`."""
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}"


def mask_phone(value: str) -> str:
    """Show the last four digits: `***4567`."""
    return f"***{value[-4:]}"


def mask_name(value: str) -> str:
    """Show the first letter of each word, or the first Han character: `A*** S***`, `王**`."""
    if value and ord(value[0]) > 0x2E80:
        return value[0] + "*" * max(1, len(value) - 1)
    return " ".join(f"{word[0]}***" for word in value.split())
