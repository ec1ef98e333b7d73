"""Encryption of personal values and the blind indexes by which they can still be found.

Envelope encryption: every customer and conversation has a key of its own, wrapped by the installation's master key;
destroying the wrapped key erases the values (crypto-erasure, NIST SP 800-88 section 2.5). Values are AES-256-GCM with
a random nonce; a blind index is HMAC-SHA256 of the normalised value under a key of its own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm_core.errors import SettingsInvalid

_NONCE_BYTES = 12


class Vault:
    """Seals and opens personal values.

    Args:
        master_key: 32 bytes in base64: wraps every subject's key.
        index_key: 32 bytes in base64: keys the blind indexes.

    Raises:
        SettingsInvalid: A key is missing or not 32 bytes.
    """

    def __init__(self, master_key: str, index_key: str) -> None:
        self._master = AESGCM(_key("RAPPORT_ENCRYPTION_KEY", master_key))
        self._index_key = _key("RAPPORT_INDEX_KEY", index_key)

    def new_key(self) -> bytes:
        """Make a fresh subject key and give it wrapped, as it may be stored."""
        return self._seal(self._master, AESGCM.generate_key(256), b"key")

    def cipher(self, wrapped_key: bytes) -> AESGCM:
        """Unwrap a subject's key.

        Raises:
            SettingsInvalid: The master key is not the one that wrapped it.
        """
        try:
            return AESGCM(self._open(self._master, wrapped_key, b"key"))
        except InvalidTag as error:
            raise SettingsInvalid(
                "RAPPORT_ENCRYPTION_KEY is not the key that this database was written with"
            ) from error

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
        return hmac.new(self._index_key, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()

    @staticmethod
    def _seal(cipher: AESGCM, value: bytes, purpose: bytes) -> bytes:
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + cipher.encrypt(nonce, value, purpose)

    @staticmethod
    def _open(cipher: AESGCM, sealed: bytes, purpose: bytes) -> bytes:
        return cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], purpose)


def _key(name: str, text: str) -> bytes:
    try:
        key = base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError) as error:
        raise SettingsInvalid(f"{name} is not base64") from error
    if len(key) != 32:
        raise SettingsInvalid(f"{name} must be 32 bytes in base64, and is {len(key)} bytes")
    return key
