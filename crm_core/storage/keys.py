"""The subject keys in the database: made, used through a small cache, destroyed."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock

import sqlalchemy as sa
from cachetools import LRUCache
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm_core.clock import Clock, new_id
from crm_core.errors import NotFound
from crm_core.privacy.vault import Vault
from crm_core.storage.tables import subject_keys

_PREFETCHED = 1000


class SubjectKeyGone(NotFound):
    """The key was destroyed: what it sealed is erased."""

    what = "key"


class KeyRing:
    """Seals and opens values under the keys of customers and conversations.

    Args:
        vault: What wraps and unwraps the keys.
        clock: Gives the present moment.
        cached: How many unwrapped keys are kept in memory.
    """

    def __init__(self, vault: Vault, clock: Clock, cached: int = 4096) -> None:
        self.vault = vault
        self._clock = clock
        self._ciphers: LRUCache[str, AESGCM] = LRUCache(cached)
        self._lock = Lock()  # the cache moves entries even when read, and gateways read in threads

    def create(self, connection: sa.Connection) -> str:
        """Make a key for a new customer or conversation and give its id."""
        return self.create_many(connection, 1)[0]

    def create_many(self, connection: sa.Connection, count: int) -> list[str]:
        """Make keys for many new customers at once; the newest stay in memory to be sealed with."""
        moment = self._clock()
        made = {new_id(): self.vault.new_key() for _ in range(count)}
        if made:
            rows = [{"id": key_id, "wrapped_key": key, "created_at": moment} for key_id, key in made.items()]
            connection.execute(subject_keys.insert(), rows)
        self._remember({key_id: self.vault.cipher(key) for key_id, key in made.items()})
        return list(made)

    def prefetch(self, connection: sa.Connection, key_ids: Collection[str]) -> None:
        """Bring keys into memory with few queries, before much is sealed or opened with them."""
        with self._lock:
            wanted = [key_id for key_id in set(key_ids) if key_id not in self._ciphers]
        for start in range(0, len(wanted), _PREFETCHED):
            part = wanted[start : start + _PREFETCHED]
            query = sa.select(subject_keys.c.id, subject_keys.c.wrapped_key).where(subject_keys.c.id.in_(part))
            found = connection.execute(query).all()
            self._remember({key_id: self.vault.cipher(wrapped) for key_id, wrapped in found if wrapped is not None})

    def seal(self, connection: sa.Connection, key_id: str, value: str) -> bytes:
        """Encrypt a value under a subject's key."""
        return self.vault.seal(self._cipher(connection, key_id), value)

    def open(self, connection: sa.Connection, key_id: str, sealed: bytes) -> str:
        """Decrypt a value under a subject's key.

        Raises:
            SubjectKeyGone: The subject was erased.
        """
        return self.vault.open(self._cipher(connection, key_id), sealed)

    def seal_file(self, connection: sa.Connection, key_id: str, content: bytes) -> bytes:
        """Encrypt a file under a subject's key."""
        return self.vault.seal_file(self._cipher(connection, key_id), content)

    def open_file(self, connection: sa.Connection, key_id: str, sealed: bytes) -> bytes:
        """Decrypt a file under a subject's key.

        Raises:
            SubjectKeyGone: The subject was erased.
        """
        return self.vault.open_file(self._cipher(connection, key_id), sealed)

    def destroy(self, connection: sa.Connection, key_id: str) -> None:
        """Destroy a key, and with it all that it sealed."""
        connection.execute(
            subject_keys.update()
            .where(subject_keys.c.id == key_id)
            .values(wrapped_key=None, destroyed_at=self._clock())
        )
        with self._lock:
            self._ciphers.pop(key_id, None)

    def _cipher(self, connection: sa.Connection, key_id: str) -> AESGCM:
        with self._lock:
            cipher = self._ciphers.get(key_id)
        if cipher is None:
            wrapped = connection.scalar(sa.select(subject_keys.c.wrapped_key).where(subject_keys.c.id == key_id))
            if wrapped is None:
                raise SubjectKeyGone(key_id)
            cipher = self.vault.cipher(wrapped)
            self._remember({key_id: cipher})
        return cipher

    def _remember(self, ciphers: dict[str, AESGCM]) -> None:
        with self._lock:
            self._ciphers.update(ciphers)
