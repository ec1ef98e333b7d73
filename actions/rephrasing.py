"""Putting a passage into the words of the question, where a language model is set up and keeps to the passage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from actions.talk import Talk
from crm_core.records.shop import Passage


@dataclass(frozen=True, slots=True)
class Words:
    """What is said for a passage."""

    text: str
    rephrased: bool = False
    facts: dict[str, Any] = field(default_factory=dict)  # for the turn's trace


def worded(talk: Talk, question: str, passage: Passage) -> Words:
    """Give the words for a passage: its own."""
    return Words(passage.text)
