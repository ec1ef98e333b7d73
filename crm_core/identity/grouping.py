"""From pairs to people: which records are joined, so that each pair that joined them can be taken back alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime

from crm_core.identity.pairs import Pair

Link = tuple[str, str]


class Groups:
    """Records in groups, one group per person.

    A pair joins two groups or is not needed: so the pairs that joined are a tree in each group, without a circle, and
    taking one back parts its group into exactly the two that it joined.

    Args:
        links: The pairs that hold already.
    """

    def __init__(self, links: Iterable[Link] = ()) -> None:
        self._group: dict[str, frozenset[str]] = {}
        for left, right in links:
            self.join(left, right)

    def of(self, record: str) -> frozenset[str]:
        """Give the records of one person."""
        return self._group.get(record) or frozenset((record,))

    def join(self, left: str, right: str) -> bool:
        """Join the groups of two records; give whether they were apart."""
        one, other = self.of(left), self.of(right)
        if one is other or left in other:
            return False
        both = one | other
        self._group.update(dict.fromkeys(both, both))
        return True


def choose(
    pairs: Sequence[Pair],
    groups: Groups,
    apart: Collection[frozenset[str]],
    contradict: Callable[[str, str], bool],
) -> tuple[list[Pair], list[Pair]]:
    """Choose the pairs that join groups.

    Args:
        pairs: The sure ones, the surest first.
        groups: What is joined already; grows.
        apart: Pairs that a person has said, or an undone merge has shown, to be two people.
        contradict: Whether two records speak against each other, by name or birthday.

    Returns:
        The pairs that join, and those held back because joining them would put records together that contradict each
        other; pairs between people who are apart are in neither.
    """
    joined, held = [], []
    for pair in pairs:
        one, other = groups.of(pair.left), groups.of(pair.right)
        if pair.left in other:
            continue
        if apart and any(frozenset((a, b)) in apart for a in one for b in other):
            continue
        if any(contradict(a, b) for a in one for b in other):
            held.append(pair)
        elif groups.join(pair.left, pair.right):
            joined.append(pair)
    return joined, held


def survivor(records: Collection[str], rank: Mapping[str, tuple[bool, datetime, str]]) -> str:
    """Give the record that stands for a person: one that the shop knows by a number, among those the oldest."""
    return min(records, key=lambda record: rank[record])


def joined_since(survivors: Iterable[str], links: Iterable[tuple[str, str, datetime]]) -> dict[str, datetime]:
    """Give since when each record is joined to its survivor: since the last of the merges that lead there.

    Args:
        survivors: One of each group.
        links: The pairs that hold, each with when it was merged.
    """
    beside: dict[str, list[tuple[str, datetime]]] = defaultdict(list)
    for left, right, at in links:
        beside[left].append((right, at))
        beside[right].append((left, at))
    since: dict[str, datetime] = {}
    for first in survivors:
        open_ = [(first, record, at) for record, at in beside[first]]
        while open_:
            origin, record, at = open_.pop()
            since[record] = at
            open_ += [(record, other, max(at, when)) for other, when in beside[record] if other != origin]
    return since
