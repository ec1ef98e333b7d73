"""How sure it is who a customer is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Proof(StrEnum):
    """What shows who somebody is, the strongest first."""

    TOKEN = "token"  # noqa: S105  # the shop's signed token
    AGENT = "agent"  # one of the staff has checked
    ORDER = "order"  # gave the number of an order and the contact that it was placed with
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure it is, and by what.

    Attributes:
        by: The agent who checked, or the number of the order.
    """

    proof: Proof
    by: str = ""
