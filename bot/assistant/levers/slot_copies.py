"""Copies slots without the detour of Python's general protocol; every copy of a tracker copies all of them."""

from __future__ import annotations

from rasa.shared.core.slots import Slot


def copy_slot(slot: Slot) -> Slot:
    """Give a shallow copy, as `copy.copy` makes it of an object without rules of its own."""
    made = object.__new__(type(slot))
    made.__dict__.update(slot.__dict__)
    return made


def install() -> None:
    """Put it into Rasa, where `copy.copy` finds it."""
    Slot.__copy__ = copy_slot
