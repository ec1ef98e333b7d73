"""Personal values as they are shown to those who may not see them whole."""

from __future__ import annotations

from crm_core.records.personal_data import Kind

HIDDEN = "***"
_LAST = 4  # digits that stay


def mask(kind: Kind, value: str) -> str:
    """Show as much of a value as its kind allows: enough to know it again, too little to use it.

    A name, an address and an identity number in running text show nothing.
    """
    if kind is Kind.EMAIL:
        return mask_email(value)
    if kind in {Kind.NAME, Kind.ADDRESS, Kind.NATIONAL_ID}:
        return HIDDEN
    return mask_phone("".join(character for character in value if character.isalnum()))


def mask_email(value: str) -> str:
    """Show the first letter and the domain: `a***@example.com`."""
    name, _, domain = value.partition("@")
    return f"{name[:1]}***@{domain}"


def mask_phone(value: str) -> str:
    """Show the last four digits: `***4567`."""
    return f"{HIDDEN}{value[-_LAST:]}"


def mask_name(value: str) -> str:
    """Show the first letter of each word, or the first Han character: `A*** S***`, `王**`."""
    if value and ord(value[0]) > 0x2E80:
        return value[0] + "*" * max(1, len(value) - 1)
    return " ".join(f"{word[0]}***" for word in value.split())
