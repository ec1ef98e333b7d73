"""Which records are compared at all: those that share one of these; a million squared could not be."""

from __future__ import annotations

from crm_core.identity.person import Person

TOGETHER: tuple[tuple[str, ...], ...] = (
    ("name_key", "born"),
    ("name_key", "city"),
    ("address", "city"),
    ("born", "city"),
    ("mailbox",),
)
"""Fields that must all be equal."""

ANY_OF: tuple[str, ...] = ("phones", "emails", "devices")
"""Lists that must have a value in common."""


def keys(one: Person) -> list[str]:
    """Give the values by which a record meets others, of the fields in `TOGETHER`."""
    values = {
        "name_key": one.name.key,
        "born": one.born,
        "city": one.city,
        "address": one.address,
        "mailbox": one.mailbox,
    }
    return [
        "\x1f".join((*fields, *(values[field] for field in fields)))
        for fields in TOGETHER
        if all(values[field] for field in fields)
    ]
