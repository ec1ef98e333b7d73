"""What an agent is offered to answer with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a suggested reply comes from."""

    ARTICLE = "article"
    COLLEAGUE = "colleague"  # what a person answered in a like case


class Fate(StrEnum):
    """What an agent made of a suggestion; one that was only shown has none."""

    ACCEPTED = "accepted"  # put into the box, and sent as it was if it was sent
    EDITED = "edited"  # sent in another form
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A reply that may be sent.

    Attributes:
        title: Of the article, or the question that the colleague answered.
        reference: The article's name, or the id of the question.
    """

    id: str
    source: Source
    reference: str
    title: str
    text: str
