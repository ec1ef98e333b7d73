"""Encryption: only the right key opens, a destroyed key opens nothing, an index tells nothing but equality."""

from __future__ import annotations

import base64

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from crm_core.crm import Crm
from crm_core.errors import SettingsInvalid
from crm_core.privacy.vault import Vault
from crm_core.storage.keys import SubjectKeyGone

ONE, OTHER = (base64.urlsafe_b64encode(bytes([number]) * 32).decode() for number in (1, 2))
VAULT = Vault(ONE, OTHER)


@given(st.text())
def test_what_was_sealed_is_opened_unchanged(value: str) -> None:
    value = value.encode("utf-8", "replace").decode()
    cipher = VAULT.cipher(VAULT.new_key())
    assert VAULT.open(cipher, VAULT.seal(cipher, value)) == value


def test_equal_values_are_never_sealed_equally() -> None:
    cipher = VAULT.cipher(VAULT.new_key())
    assert VAULT.seal(cipher, "ann@example.com") != VAULT.seal(cipher, "ann@example.com")


def test_no_other_subjects_key_opens() -> None:
    mine, other = VAULT.cipher(VAULT.new_key()), VAULT.cipher(VAULT.new_key())
    with pytest.raises(InvalidTag):
        VAULT.open(other, VAULT.seal(mine, "ann@example.com"))


def test_a_changed_byte_is_noticed() -> None:
    cipher = VAULT.cipher(VAULT.new_key())
    sealed = bytearray(VAULT.seal(cipher, "ann@example.com"))
    sealed[-1] ^= 1
    with pytest.raises(InvalidTag):
        VAULT.open(cipher, bytes(sealed))


def test_another_installations_database_is_recognised() -> None:
    with pytest.raises(SettingsInvalid, match="RAPPORT_ENCRYPTION_KEY"):
        Vault(OTHER, OTHER).cipher(VAULT.new_key())


def test_an_index_tells_equal_values_of_one_kind_and_nothing_else() -> None:
    assert VAULT.blind_index("email", "a@b.example") == VAULT.blind_index("email", "a@b.example")
    assert VAULT.blind_index("email", "a@b.example") != VAULT.blind_index("phone", "a@b.example")
    assert VAULT.blind_index("email", "a@b.example") != Vault(ONE, ONE).blind_index("email", "a@b.example")


@pytest.mark.parametrize("key", ["", "short", base64.urlsafe_b64encode(b"x" * 31).decode(), "\N{SNOWMAN}"])
def test_a_key_that_is_none_is_named(key: str) -> None:
    with pytest.raises(SettingsInvalid, match="RAPPORT_INDEX_KEY"):
        Vault(ONE, key)


def test_a_destroyed_key_opens_nothing_any_more(any_crm: Crm) -> None:
    keys = any_crm._context.keys
    with any_crm.database.writing() as connection:
        key_id = keys.create(connection)
        sealed = keys.seal(connection, key_id, "ann@example.com")
        assert keys.open(connection, key_id, sealed) == "ann@example.com"
        keys.destroy(connection, key_id)
        with pytest.raises(SubjectKeyGone):
            keys.open(connection, key_id, sealed)
