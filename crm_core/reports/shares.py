"""Shares that are shown rounded and still sum to the whole."""

from __future__ import annotations

from collections.abc import Mapping


def percentages(counts: Mapping[str, int], decimals: int = 1) -> dict[str, float]:
    """Round shares by the largest remainder, so that what is shown sums to exactly 100.

    Args:
        counts: How many of each kind, none negative.
        decimals: Digits after the point.

    Returns:
        Per kind a percentage; all 0 when there is nothing to share.
    """
    total = sum(counts.values())
    if not total:
        return dict.fromkeys(counts, 0.0)
    whole = 100 * 10**decimals
    floors = {kind: count * whole // total for kind, count in counts.items()}
    remainders = {kind: count * whole % total for kind, count in counts.items()}
    missing = whole - sum(floors.values())
    for kind in sorted(remainders, key=lambda kind: -remainders[kind])[:missing]:
        floors[kind] += 1
    return {kind: floor / 10**decimals for kind, floor in floors.items()}


def share(part: int, whole: int) -> float:
    """Give a part of a whole in [0, 1]; 0 where there is no whole."""
    return part / whole if whole else 0.0
