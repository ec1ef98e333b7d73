"""One record compared with a few others at once, by the same levels and weights as a whole database."""

from __future__ import annotations

from collections.abc import Iterable

from crm_core.identity.comparing import levels
from crm_core.identity.pairs import Pair
from crm_core.identity.person import Person
from crm_core.identity.verdict import LEAST
from crm_core.identity.weights import Weights


def compare(one: Person, other: Person, weights: Weights, records: int) -> Pair:
    """Compare two records.

    Args:
        one: One record.
        other: The other.
        weights: What each level counts.
        records: How many records there are in all: among more, chance likeness is likelier.
    """
    found = levels(one, other)
    bits = {field: round(weights.bits(field, level), 2) for field, level in found.items()}
    return Pair(one.id, other.id, sum(bits.values()) + weights.prior(records), found, bits)


def alike(one: Person, others: Iterable[Person], weights: Weights, records: int) -> list[Pair]:
    """Give those of some records that may be the same person as one, the likeliest first."""
    found = [compare(one, other, weights, records) for other in others if other.id != one.id]
    return sorted((pair for pair in found if pair.weight >= LEAST), key=lambda pair: (-pair.weight, pair.right))
