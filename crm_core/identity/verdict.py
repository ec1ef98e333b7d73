"""Whether two records are one person: by weight, and never against the name or the birthday.

Fellegi and Sunter let fields count as if they were independent. Within a family they are not: phone, address, device
and family name all agree at once, for people who are certainly two. So weight alone joins nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

LEAST = -4.0  # bits; pairs below are not looked at
DOUBT = 0.0  # bits: odds even
SURE = 6.0  # bits: odds 64 to 1


class Verdict(StrEnum):
    """What becomes of a pair."""

    SAME = "same"
    DOUBTFUL = "doubtful"  # a person decides
    DIFFERENT = "different"


_AGREES = frozenset({"characters", "same", "slip", "turned"})
_BORN_THEN = frozenset({"day", "slip"})


def verdict(weight: float, levels: Mapping[str, str]) -> Verdict:
    """Judge a pair.

    Args:
        weight: The sum of its weights, in bits.
        levels: By field, how alike it is.
    """
    if weight < DOUBT:
        return Verdict.DIFFERENT
    if contradicts(levels):
        renamed = levels["name"] == "part" and levels["email"] == "same" and levels["born"] == "day"
        mistaken = levels["name"] in _AGREES and "same" in (levels["email"], levels["phone"])
        return Verdict.DOUBTFUL if weight >= SURE and (renamed or mistaken) else Verdict.DIFFERENT
    return Verdict.SAME if weight >= SURE and _carries(levels) else Verdict.DOUBTFUL


def contradicts(levels: Mapping[str, str]) -> bool:
    """Tell whether name or birthday speak against one person, however much else agrees."""
    return levels["name"] in ("part", "other") or levels["born"] == "other"


def _carries(levels: Mapping[str, str]) -> bool:
    """Tell whether the name agrees well enough for what else is known."""
    name, born = levels["name"], levels["born"]
    contact = "same" in (levels["email"], levels["phone"])
    if name == "unknown":
        return levels["email"] == "same" and born in _BORN_THEN
    if name == "sound":  # siblings are often given names that sound alike
        return born == "day" and contact
    if name == "initials":
        return born in _BORN_THEN
    return name not in ("slip", "turned") or born in _BORN_THEN or contact
