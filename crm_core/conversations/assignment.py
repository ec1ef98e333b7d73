"""Who gets a conversation that waits: the one place that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

_NEVER = datetime.min.replace(tzinfo=UTC)


class Assignment(StrEnum):
    """How conversations come to people."""

    MANUAL = "manual"  # each takes what they want
    ROUND_ROBIN = "round_robin"  # to whom the last one came longest ago
    LEAST_LOADED = "least_loaded"  # to who has the smallest share of what they can do


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as somebody who may get a conversation.

    Attributes:
        id: Who.
        ready: Available by their own word, and with an open desk.
        load: How many conversations they have.
        capacity: How many they can have.
        languages: In which they answer.
        skills: What they know more of than others.
        team: Theirs.
        assigned_at: When the last one came to them by itself.
    """

    id: str
    ready: bool
    load: int
    capacity: int
    languages: frozenset[str] = frozenset({"en", "zh"})
    skills: frozenset[str] = frozenset()
    team: str | None = None
    assigned_at: datetime | None = None

    @property
    def has_room(self) -> bool:
        """Whether they can take one more."""
        return self.ready and self.load < self.capacity


@dataclass(frozen=True, slots=True)
class Need:
    """What a conversation wants of who takes it."""

    language: str
    skill: str | None = None
    team: str | None = None
    tried: frozenset[str] = frozenset()  # had it and did not answer
    known: str | None = None  # who served this customer last


def choose(need: Need, colleagues: Sequence[Colleague], rule: Assignment) -> Colleague | None:
    """Give the one who gets a conversation, or None where it waits on.

    Language and team are conditions. A skill is one while somebody who has it is there, busy or not; where nobody is,
    anybody is better than nobody. Those who did not answer get it again only when all others have not either. Who
    served the customer before goes on with them.

    Args:
        need: What the conversation wants.
        colleagues: Everybody who works here.
        rule: How it is chosen among those who fit.
    """
    if rule is Assignment.MANUAL:
        return None
    there = [
        each for each in colleagues if each.ready and need.language in each.languages and need.team in (None, each.team)
    ]
    skilled = [each for each in there if need.skill in each.skills]
    there = skilled or there
    fresh = [each for each in there if each.id not in need.tried]
    free = [each for each in fresh or there if each.has_room]
    if not free:
        return None
    if known := next((each for each in free if each.id == need.known), None):
        return known
    if rule is Assignment.ROUND_ROBIN:
        return min(free, key=lambda each: (each.assigned_at or _NEVER, each.id))
    return min(free, key=lambda each: (each.load / each.capacity, each.assigned_at or _NEVER, each.id))
