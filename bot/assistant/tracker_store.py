"""Rasa's memory of conversations as an append-only table, with the last ones kept ready in this process."""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection, Engine

KEPT_READY = 500

_metadata = sa.MetaData()
_events = sa.Table(
    "tracker_events",
    _metadata,
    sa.Column("conversation_id", sa.String(64), primary_key=True),
    sa.Column("seq", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("data", sa.Text, nullable=False),
)


def tracker_url(environment: Mapping[str, str] = os.environ) -> str:
    """Return where the events are kept: `RAPPORT_TRACKER_URL`, else a SQLite file in `RAPPORT_HOME`."""
    home = Path(environment.get("RAPPORT_HOME") or ".rapport")
    return environment.get("RAPPORT_TRACKER_URL") or f"sqlite:///{home / 'tracker.db'}"


class AppendOnlyTrackerStore(TrackerStore):  # type: ignore[misc]
    """A turn's events are appended in one transaction; nothing is ever changed.

    A tracker is lent: `retrieve` hands out the one of this process when nobody else has written since, and `save`
    takes it back. A turn that fails is simply not saved, and the next one starts from the table.

    Args:
        domain: Gives the slots of a new tracker.
        event_broker: Also gets what was saved, where there is one.
        url: SQLAlchemy URL; see `tracker_url`.
        kept_ready: How many conversations stay in memory.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: EventBroker | None = None,
        url: str | None = None,
        kept_ready: int = KEPT_READY,
        **_: Any,
    ) -> None:
        self._ready: OrderedDict[str, DialogueStateTracker] = OrderedDict()
        self._kept_ready = kept_ready
        self._engine = _engine(url or tracker_url())
        super().__init__(domain, event_broker)

    @property
    def domain(self) -> Domain:
        """The domain whose slots the trackers have."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        self._domain = domain or Domain.empty()
        self._ready.clear()

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """Return a tracker of which nothing is in the table yet."""
        tracker = super().init_tracker(sender_id)
        tracker.stored_events = tracker.stored_seq = 0
        return tracker

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the conversation since its last session start, or None for a new one."""
        ready = self._ready.pop(sender_id, None)
        with self._engine.connect() as connection:
            last = _last_seq(connection, sender_id)
            if not last:
                return None
            if ready is not None and ready.stored_seq == last:
                return ready
            return self._read(connection, sender_id, last, _session_start(connection, sender_id))

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Return the conversation over all its sessions, or None."""
        with self._engine.connect() as connection:
            last = _last_seq(connection, conversation_id)
            return self._read(connection, conversation_id, last, 1) if last else None

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what is new.

        Raises:
            sqlalchemy.exc.IntegrityError: Another process has written to the same conversation meanwhile.
        """
        stored, seq = self._stored(tracker)
        fresh = list(islice(tracker.events, stored, None))
        if fresh:
            rows = [_row(tracker.sender_id, number, event) for number, event in enumerate(fresh, seq + 1)]
            with self._engine.begin() as connection:
                connection.execute(_events.insert(), rows)
        tracker.stored_events, tracker.stored_seq = len(tracker.events), seq + len(fresh)
        self._keep(tracker, fresh, is_first=seq == 0)
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, fresh, tracker.sender_id)

    async def exists(self, conversation_id: str) -> bool:
        """Tell whether anything was ever said in it."""
        with self._engine.connect() as connection:
            return bool(_last_seq(connection, conversation_id))

    async def keys(self) -> Iterable[str]:
        """Return the ids of all conversations."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(_events.c.conversation_id).distinct()).scalars())

    def forget(self, conversation_id: str) -> int:
        """Delete a conversation (a person asked to be erased); give how many events it had."""
        self._ready.pop(conversation_id, None)
        with self._engine.begin() as connection:
            deleted = connection.execute(_events.delete().where(_events.c.conversation_id == conversation_id))
        if self._engine.dialect.name == "sqlite":  # nor may it be read from the journal's file
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return int(deleted.rowcount)

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _read(self, connection: Connection, conversation_id: str, last: int, first: int) -> DialogueStateTracker:
        query = (
            sa.select(_events.c.data)
            .where(_events.c.conversation_id == conversation_id, _events.c.seq >= first, _events.c.seq <= last)
            .order_by(_events.c.seq)
        )
        tracker = self.init_tracker(conversation_id)
        for data in connection.execute(query).scalars():
            tracker.update(Event.from_parameters(json.loads(data)), self.domain)
        tracker.stored_events, tracker.stored_seq = len(tracker.events), last
        return tracker

    def _stored(self, tracker: DialogueStateTracker) -> tuple[int, int]:
        """Return how many of the tracker's events are in the table, and the last number there."""
        if hasattr(tracker, "stored_seq"):
            return tracker.stored_events, tracker.stored_seq
        with self._engine.connect() as connection:  # made elsewhere (a copy): it begins with the last session
            last = _last_seq(connection, tracker.sender_id)
            first = _session_start(connection, tracker.sender_id)
            return (last - first + 1 if last else 0), last

    def _keep(self, tracker: DialogueStateTracker, fresh: Iterable[Event], *, is_first: bool) -> None:
        if not is_first and any(isinstance(event, SessionStarted) for event in fresh):
            return  # a long talk began anew: the next turn reads only the new session
        self._ready[tracker.sender_id] = tracker
        self._ready.move_to_end(tracker.sender_id)
        while len(self._ready) > self._kept_ready:
            self._ready.popitem(last=False)


def _engine(url: str) -> Engine:
    parsed = sa.engine.make_url(url)
    if parsed.get_backend_name() != "sqlite":
        engine = sa.create_engine(url, pool_pre_ping=True)
    else:
        Path(parsed.database or ".").parent.mkdir(parents=True, exist_ok=True)
        engine = sa.create_engine(
            url,
            connect_args={"timeout": 5, "check_same_thread": False},
            poolclass=sa.pool.QueuePool,  # the default opens the file anew for every query
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
    _metadata.create_all(engine)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA secure_delete=ON")  # what is forgotten is overwritten
    connection.execute("PRAGMA synchronous=NORMAL")  # a killed process loses nothing; the gateway's log is the truth


def _last_seq(connection: Connection, conversation_id: str) -> int:
    query = sa.select(sa.func.max(_events.c.seq)).where(_events.c.conversation_id == conversation_id)
    return connection.execute(query).scalar() or 0


def _session_start(connection: Connection, conversation_id: str) -> int:
    """Return the number of the action that started the last session; it stands before its `SessionStarted`."""
    query = sa.select(sa.func.max(_events.c.seq)).where(
        _events.c.conversation_id == conversation_id, _events.c.kind == SessionStarted.type_name
    )
    return max((connection.execute(query).scalar() or 1) - 1, 1)


def _row(conversation_id: str, seq: int, event: Event) -> dict[str, Any]:
    data = json.dumps(event.as_dict(), ensure_ascii=False)
    return {"conversation_id": conversation_id, "seq": seq, "kind": event.type_name, "data": data}
