"""Encryption of personal values and the blind indexes by which they can still be found.

Envelope encryption: every customer and conversation has a key of its own, wrapped by the installation's master key;
destroying the wrapped key erases the values (crypto-erasure, NIST SP 800-88 section 2.5), and a new master key wraps
those keys anew while what they sealed stays as it is. Values are AES-256-GCM with a random nonce; a blind index is
HMAC-SHA256 of the normalised value under a key of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm_core.errors import SettingsInvalid

_NONCE_BYTES = 12

MasterKeys = tuple[str, ...]
"""Master keys in base64, the present one first, then those before it."""

_OTHER_KEY = (
    "RAPPORT_ENCRYPTION_KEY is not the key that this database was written with; put the right one back into the "
    "environment or the file of secrets (after a rotation the one before it belongs into RAPPORT_ENCRYPTION_KEY_BEFORE)"
    ". Nothing was changed, and nothing is lost as long as that key exists somewhere"
)


class Vault:
    """Seals and opens personal values.

    Args:
        master_key: 32 bytes in base64: wraps every subject's key.
        index_key: 32 bytes in base64: keys the blind indexes.
        before: Master keys that were used earlier; they still unwrap what a rotation has not reached yet.
        reread: Gives the master keys as they are set now, for a process that was started before a rotation.

    Raises:
        SettingsInvalid: A key is missing or not 32 bytes.
    """

    def __init__(
        self,
        master_key: str,
        index_key: str,
        before: Iterable[str] = (),
        reread: Callable[[], MasterKeys] | None = None,
    ) -> None:
        self._masters = _masters((master_key, *before))
        self._index_key = _key("RAPPORT_INDEX_KEY", index_key)
        self._reread = reread

    @property
    def master_check(self) -> str:
        """What tells the present master key from others without giving it away."""
        return next(iter(self._masters))

    @property
    def index_check(self) -> str:
        """What tells the key of the blind indexes from others without giving it away."""
        return _check(self._index_key)

    def knows(self, master_check: str) -> bool:
        """Tell whether a master key is at hand, after looking for it among those that are set now."""
        if master_check not in self._masters and self._reread is not None and (set_now := self._reread()):
            self._masters = _masters(set_now)
        return master_check in self._masters

    def new_key(self, master_check: str | None = None) -> bytes:
        """Make a fresh subject key and give it wrapped, as it may be stored.

        Args:
            master_check: Of the master key to wrap it with, which must be known; None for the present one.
        """
        return self._wrap(AESGCM.generate_key(256), master_check or self.master_check)

    def cipher(self, wrapped_key: bytes) -> AESGCM:
        """Unwrap a subject's key.

        Raises:
            SettingsInvalid: No master key at hand is the one that wrapped it.
        """
        return AESGCM(self._unwrap(wrapped_key)[0])

    def rewrapped(self, wrapped_key: bytes) -> bytes | None:
        """Give a subject's key under the present master key, or None where it is so already.

        Raises:
            SettingsInvalid: No master key at hand is the one that wrapped it.
        """
        key, by = self._unwrap(wrapped_key)
        return None if by == self.master_check else self._wrap(key, self.master_check)

    def _wrap(self, key: bytes, master_check: str) -> bytes:
        return self._seal(self._masters[master_check], key, b"key")

    def _unwrap(self, wrapped_key: bytes) -> tuple[bytes, str]:
        for check, master in self._masters.items():
            try:
                return self._open(master, wrapped_key, b"key"), check
            except InvalidTag:
                continue
        raise SettingsInvalid(_OTHER_KEY)

    def require(self, master_check: str, index_check: str) -> None:
        """Stop before anything is read or written with other keys than the database's.

        Raises:
            SettingsInvalid: A key is not the one that the database was written with; the message says which.
        """
        if not self.knows(master_check):
            raise SettingsInvalid(_OTHER_KEY)
        if index_check != self.index_check:
            raise SettingsInvalid(
                "RAPPORT_INDEX_KEY is not the key that this database was written with: nobody could be found by it. "
                "Put the right one back; nothing was changed"
            )

    def seal(self, cipher: AESGCM, value: str) -> bytes:
        """Encrypt one value under a subject's key."""
        return self._seal(cipher, value.encode(), b"value")

    def open(self, cipher: AESGCM, sealed: bytes) -> str:
        """Decrypt one value under a subject's key."""
        return self._open(cipher, sealed, b"value").decode()

    def seal_file(self, cipher: AESGCM, content: bytes) -> bytes:
        """Encrypt a file under a subject's key."""
        return self._seal(cipher, content, b"file")

    def open_file(self, cipher: AESGCM, sealed: bytes) -> bytes:
        """Decrypt a file under a subject's key."""
        return self._open(cipher, sealed, b"file")

    def blind_index(self, kind: str, value: str) -> str:
        """Give the index of a normalised value: equal values have equal indexes, and nothing else is told.

        Args:
            kind: What the value is (`"email"`, `"phone"`, …); equal values of two kinds differ.
            value: The value after normalisation.
        """
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), "sha256").hex()

    @staticmethod
    def _seal(cipher: AESGCM, value: bytes, purpose: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, value, purpose)

    @staticmethod
    def _open(cipher: AESGCM, sealed: bytes, purpose: bytes) -> bytes:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose)


def _masters(keys: Iterable[str]) -> dict[str, AESGCM]:
    read = [_key("RAPPORT_ENCRYPTION_KEY", key) for key in keys]
    return {_check(key): AESGCM(key) for key in read}


def _check(key: bytes) -> str:
    return hmac.new(key, b"rapport key check", hashlib.sha256).hexdigest()[:32]


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise SettingsInvalid(f"{name} is not base64") from error
    if len(key) != 32:
        raise SettingsInvalid(f"{name} must be 32 bytes in base64, and is {len(key)} bytes")
    return key
