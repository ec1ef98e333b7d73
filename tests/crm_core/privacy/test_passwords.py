"""Passwords: slow to try, readable when generated, never told apart by time from none at all."""

from __future__ import annotations

import importlib.util

import pytest

from crm_core.errors import InvalidInput
from crm_core.privacy import passwords


def test_trying_a_password_costs_what_it_should() -> None:
    spec = importlib.util.find_spec("crm_core.privacy.passwords")
    assert spec is not None
    assert spec.loader is not None
    in_earnest = importlib.util.module_from_spec(spec)  # the tests' own one is made cheap
    spec.loader.exec_module(in_earnest)
    hasher = in_earnest._hasher
    assert hasher.type.name == "ID"
    assert hasher.memory_cost >= 19 * 1024, "OWASP's least for argon2id with two passes, in KiB"
    assert hasher.time_cost >= 2


def test_a_password_fits_itself_and_no_other() -> None:
    kept = passwords.hashed("correct horse")
    assert passwords.matches(kept, "correct horse")
    assert not passwords.matches(kept, "Correct horse")
    assert not passwords.matches(None, "correct horse")
    assert not passwords.matches("not a hash", "correct horse")


def test_generated_passwords_differ_and_can_be_read_out() -> None:
    made = {passwords.generate() for _ in range(100)}
    assert len(made) == 100
    assert all(len(one) == 19 and not set(one) & set("0O1lI") for one in made)


def test_a_short_password_is_refused_without_being_repeated() -> None:
    with pytest.raises(InvalidInput) as refused:
        passwords.hashed("hunter2")
    assert "hunter2" not in str(refused.value)
