"""Passwords of the staff: hashed with argon2id, generated where none is given."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm_core.errors import InvalidInput

MIN_CHARS = 10
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # nothing that looks like something else
_hasher = PasswordHasher()


def generate() -> str:
    """Give a fresh password that can be read out: `abcd-efgh-jkmn-pqrs`, 79 bits."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """Give a password as it may be kept.

    Raises:
        InvalidInput: It is too short.
    """
    if len(password) < MIN_CHARS:
        raise InvalidInput("password", "…", f"is shorter than {MIN_CHARS} characters")
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Tell whether a password is the kept one; takes as long where there is none, so that nobody learns that."""
    try:
        return _hasher.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Tell whether a kept password was hashed with weaker settings than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash(secrets.token_hex(16))
