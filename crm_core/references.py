"""The reference that a customer is given for a request."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that is mistaken for something else on the telephone
_OF_ORDERS = {"cancel": "CN", "return": "RT", "refund": "RF", "exchange": "EX", "address": "AD", "invoice": "IN"}
_OF_PRIVACY = {"export": "DX", "erase": "DE", "rectify": "DR"}
_PREFIX = _OF_ORDERS | _OF_PRIVACY


def new_reference(kind: str) -> str:
    """Make a fresh reference such as `RT-7K2M9QXB` (30⁸ possible, none to be guessed from another)."""
    return f"{_PREFIX[kind]}-{''.join(secrets.choice(_ALPHABET) for _ in range(8))}"
