"""Which of our quicker parts stand in Rasa's places: `RAPPORT_FAST`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum

VARIABLE = "RAPPORT_FAST"


class Lever(StrEnum):
    """One quicker part; each can be switched off to compare or to find a fault."""

    VALIDATOR = "validator"
    EVENTS = "events"
    RUNNER = "runner"
    STATES = "states"
    RULES = "rules"
    SLOTS = "slots"
    FILES = "files"
    NO_TENSORFLOW = "no_tensorflow"
    ONLY_NAMED = "only_named"


ALL = frozenset(Lever)
NONE: frozenset[Lever] = frozenset()


class UnknownLever(ValueError):
    """`RAPPORT_FAST` names something that there is not."""


def chosen(environment: Mapping[str, str] = os.environ) -> frozenset[Lever]:
    """Read the variable: empty, `1` or `all`; `0` or `none`; or names with commas between them.

    Raises:
        UnknownLever: One of the names is none of ours.
    """
    text = environment.get(VARIABLE, "").strip().lower()
    if text in ("", "1", "all"):
        return ALL
    if text in ("0", "none"):
        return NONE
    try:
        return frozenset(Lever(name.strip()) for name in text.split(","))
    except ValueError as error:
        known = ", ".join(Lever)
        raise UnknownLever(f"{VARIABLE}: {error}; known are 1, 0 and {known}") from error
