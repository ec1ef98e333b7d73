"""The subject keys in the database: made, used through a small cache, destroyed."""

from __future__ import annotations

from collections.abc import Collection
from threading import Lock
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from cachetools import LRUCache
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm_core.clock import Clock, new_id
from crm_core.errors import NotFound
from crm_core.privacy.vault import Vault
from crm_core.storage.tables import key_ring, subject_keys
from crm_core.storage.upsert import insert_or_ignore

_AT_ONCE = 1000  # keys
_ONLY = 1  # the id of the only row of `key_ring`

# put together once: they run whenever a customer is opened
_RING = sa.select(key_ring)
_WRAPPED = sa.select(subject_keys.c.wrapped_key).where(
    subject_keys.c.id == sa.bindparam("key_id", type_=subject_keys.c.id.type)
)


class SubjectKeyGone(NotFound):
    """The key was destroyed: what it sealed is erased."""

    what = "key"


class KeyRing:
    """Seals and opens values under the keys of customers and conversations.

    Unwrapped keys stay in memory only until somebody is erased, by whichever process: each transaction first reads how
    many keys were destroyed so far, and one that sees another number than the keys in memory were read at does not use
    them.

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
        self._destroyed = 0  # how many keys were, when those in memory were read
        self._seen: WeakKeyDictionary[sa.Connection, int] = WeakKeyDictionary()  # the same, by transaction

    def create(self, connection: sa.Connection) -> str:
        """Make a key for a new customer or conversation and give its id."""
        return self.create_many(connection, 1)[0]

    def create_many(self, connection: sa.Connection, count: int) -> list[str]:
        """Make keys for many new customers at once; the newest stay in memory to be sealed with."""
        moment, master = self._clock(), self._master(connection)
        made = {new_id(): self.vault.new_key(master) for _ in range(count)}
        if made:
            rows = [{"id": key_id, "wrapped_key": key, "created_at": moment} for key_id, key in made.items()]
            connection.execute(subject_keys.insert(), rows)
        self._remember(connection, {key_id: self.vault.cipher(key) for key_id, key in made.items()})
        return list(made)

    def prefetch(self, connection: sa.Connection, key_ids: Collection[str]) -> None:
        """Bring keys into memory with few queries, before much is sealed or opened with them."""
        seen = self._look(connection)
        with self._lock:
            kept = self._ciphers if seen == self._destroyed else {}
            wanted = [key_id for key_id in set(key_ids) if key_id not in kept]
        for start in range(0, len(wanted), _AT_ONCE):
            part = wanted[start : start + _AT_ONCE]
            query = sa.select(subject_keys.c.id, subject_keys.c.wrapped_key).where(subject_keys.c.id.in_(part))
            found = connection.execute(query).all()
            ciphers = {key_id: self.vault.cipher(wrapped) for key_id, wrapped in found if wrapped is not None}
            self._remember(connection, ciphers)

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
        self._have_row(connection)
        connection.execute(key_ring.update().values(destroyed=key_ring.c.destroyed + 1))
        connection.execute(
            subject_keys.update()
            .where(subject_keys.c.id == key_id)
            .values(wrapped_key=None, destroyed_at=self._clock())
        )
        with self._lock:
            self._ciphers.pop(key_id, None)

    def verify(self, connection: sa.Connection) -> bool:
        """Check that the keys at hand are those that the database was written with.

        Returns:
            Whether the database knows its keys; if not, `note` must be called.

        Raises:
            SettingsInvalid: They are not.
        """
        row = connection.execute(sa.select(key_ring)).one_or_none()
        if row is not None and row.master_check:
            self.vault.require(row.master_check, row.index_check)
            return True
        written = sa.select(subject_keys.c.wrapped_key).where(subject_keys.c.wrapped_key.is_not(None)).limit(1)
        wrapped = connection.scalar(written)
        if wrapped is not None:
            self.vault.cipher(wrapped)
        return False

    def note(self, connection: sa.Connection) -> None:
        """Let the database know the keys that it is written with from now on, where it does not yet."""
        self._have_row(connection)
        known = key_ring.c.master_check.is_(None)
        connection.execute(key_ring.update().where(known).values(self._checks()))

    def wraps_with_present(self, connection: sa.Connection) -> bool:
        """Tell whether the database has its new keys wrapped by the present master key."""
        return connection.scalar(sa.select(key_ring.c.master_check)) in {None, self.vault.master_check}

    def rotate(self, connection: sa.Connection) -> int:
        """Let new keys be wrapped by the present master key from now on; give how many keys there are.

        Whoever makes keys at the moment is waited for, so that `rewrap` sees them.
        """
        self._have_row(connection)
        connection.execute(key_ring.update().values(self._checks()))
        there = sa.select(sa.func.count()).select_from(subject_keys).where(subject_keys.c.wrapped_key.is_not(None))
        return connection.scalar(there) or 0

    def rewrap(self, connection: sa.Connection, after: str | None) -> tuple[int, int, str | None]:
        """Wrap some keys anew with the present master key; what they sealed is not touched.

        Args:
            connection: A transaction, for these keys only.
            after: The last key of the part before.

        Returns:
            How many keys were looked at and how many wrapped anew, and the last one; None at the end.
        """
        query = sa.select(subject_keys.c.id, subject_keys.c.wrapped_key).where(subject_keys.c.wrapped_key.is_not(None))
        query = query.order_by(subject_keys.c.id).limit(_AT_ONCE).with_for_update()
        if after is not None:
            query = query.where(subject_keys.c.id > after)
        found = connection.execute(query).all()
        changed = [
            {"one": row.id, "key": again}
            for row in found
            if (again := self.vault.rewrapped(row.wrapped_key)) is not None
        ]
        if changed:
            one = subject_keys.update().where(subject_keys.c.id == sa.bindparam("one"))
            connection.execute(one.values(wrapped_key=sa.bindparam("key")), changed)
        return len(found), len(changed), found[-1].id if found else None

    def _checks(self) -> dict[str, str]:
        return {"master_check": self.vault.master_check, "index_check": self.vault.index_check}

    def _have_row(self, connection: sa.Connection) -> None:
        insert_or_ignore(connection, key_ring, [{"id": _ONLY, "destroyed": 0}])

    def _master(self, connection: sa.Connection) -> str | None:
        """Give which master key wraps new keys, and keep it so until the transaction ends."""
        row = connection.execute(sa.select(key_ring).with_for_update(read=True)).one_or_none()
        if row is None or row.master_check is None:
            return None
        self.vault.require(row.master_check, row.index_check)
        return str(row.master_check)

    def _look(self, connection: sa.Connection) -> int:
        """Give how many keys were destroyed as a transaction sees it; drop the keys in memory of before."""
        seen = self._seen.get(connection)
        if seen is None:
            row = connection.execute(_RING).one_or_none()
            if row is not None and row.master_check is not None:
                self.vault.require(row.master_check, row.index_check)
            seen = row.destroyed if row is not None else 0
            with self._lock:
                self._seen[connection] = seen
                if seen > self._destroyed:
                    self._ciphers.clear()
                    self._destroyed = seen
        return seen

    def _cipher(self, connection: sa.Connection, key_id: str) -> AESGCM:
        seen = self._look(connection)
        with self._lock:
            cipher = self._ciphers.get(key_id) if seen == self._destroyed else None
        if cipher is None:
            wrapped = connection.scalar(_WRAPPED, {"key_id": key_id})
            if wrapped is None:
                raise SubjectKeyGone(key_id)
            cipher = self.vault.cipher(wrapped)
            self._remember(connection, {key_id: cipher})
        return cipher

    def _remember(self, connection: sa.Connection, ciphers: dict[str, AESGCM]) -> None:
        seen = self._look(connection)
        with self._lock:
            if seen == self._destroyed:  # else somebody was erased since this transaction began: they may be among them
                self._ciphers.update(ciphers)
