"""The rows of `conversations`: found, opened, leased, moved and closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from crm_core.conversations.owner import Ownership, State
from crm_core.errors import Conflict, ConversationNotFound
from crm_core.records.conversations import Conversation, Outcome, Owner
from crm_core.storage.tables import conversations, tickets
from crm_core.storage.tables._columns import UtcDateTime
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]
_OPEN = conversations.c.status == sa.literal_column("'open'")  # written as the partial indexes have it
_OF_BOT = conversations.c.owner == Owner.BOT.value


_BY_ID = sa.select(conversations).where(conversations.c.id == sa.bindparam("this"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_FIND_OPEN = sa.select(conversations).where(
    conversations.c.channel == sa.bindparam("channel"), conversations.c.external_id == sa.bindparam("party"), _OPEN
)


def record(row: Row) -> Conversation:
    """Give a row as a conversation."""
    return Conversation(
        id=row.id,
        channel=row.channel,
        external_id=row.external_id,
        customer_id=row.customer_id,
        verified=row.verified,
        language=row.language,
        status=row.status,
        owner=Owner(row.owner),
        agent_id=row.agent_id,
        version=row.version,
        outcome=None if row.outcome is None else Outcome(row.outcome),
        last_seq=row.last_seq,
        delivered_seq=row.delivered_seq,
        seen_by_customer_seq=row.seen_by_customer_seq,
        seen_by_agent_seq=row.seen_by_agent_seq,
        opened_at=row.opened_at,
        last_message_at=row.last_message_at,
        closed_at=row.closed_at,
        priority=row.priority,
        snoozed_until=row.snoozed_until,
    )


def ownership(row: Row) -> Ownership:
    """Read who owns a conversation from its row."""
    return Ownership.of(row.status, row.owner, row.agent_id, row.version)


def find_open(connection: sa.Connection, channel: str, external_id: str) -> Row | None:
    """Give the open conversation of a sender."""
    return connection.execute(_FIND_OPEN, {"channel": channel, "party": external_id}).one_or_none()


def latest(connection: sa.Connection, channel: str, external_id: str) -> Row | None:
    """Give the latest conversation of a sender, open or closed."""
    return connection.execute(
        sa.select(conversations)
        .where(conversations.c.channel == channel, conversations.c.external_id == external_id)
        .order_by(conversations.c.opened_at.desc(), conversations.c.id.desc())
        .limit(1)
    ).one_or_none()


def by_id(connection: sa.Connection, conversation_id: str, *, lock: bool = False) -> Row:
    """Give a conversation, and with `lock` keep everybody else from changing it until the transaction ends.

    Raises:
        ConversationNotFound: There is none.
    """
    row = connection.execute(_BY_ID_LOCKED if lock else _BY_ID, {"this": conversation_id}).one_or_none()
    if row is None:
        raise ConversationNotFound(conversation_id)
    return row


def insert(connection: sa.Connection, values: dict[str, Any], at: datetime) -> bool:
    """Open a conversation; False where the sender has an open one already."""
    fresh = {
        "verified": False,
        "status": "open",
        "owner": Owner.BOT.value,
        "version": 1,
        "last_seq": 0,
        "delivered_seq": 0,
        "unanswered": 0,
        "attempts": 0,
        "opened_at": at,
        "last_message_at": at,
    }
    return insert_or_ignore(connection, conversations, fresh | values) == 1


def change(connection: sa.Connection, conversation_id: str, **values: Any) -> Row:
    """Set columns of a conversation and give its row.

    Raises:
        ConversationNotFound: There is none.
    """
    row = connection.execute(
        conversations.update().where(conversations.c.id == conversation_id).values(**values).returning(*conversations.c)
    ).one_or_none()
    if row is None:
        raise ConversationNotFound(conversation_id)
    return row


_THIS = conversations.c.id == sa.bindparam("this")
_AT = sa.bindparam("at", type_=UtcDateTime())
_COUNT_IN = (
    conversations.update()
    .where(_THIS, _OPEN)
    .values(
        last_seq=conversations.c.last_seq + 1,
        unanswered=conversations.c.unanswered + sa.case((_OF_BOT, 1), else_=0),
        last_message_at=_AT,
        snoozed_until=None,
    )
    .returning(*conversations.c)
)
_DUE = sa.and_(
    conversations.c.unanswered > sa.literal_column("0"),  # so it is open and the bot's: see `columns_of`
    sa.or_(conversations.c.retry_at.is_(None), conversations.c.retry_at <= _AT),
    sa.or_(conversations.c.lease_holder.is_(None), conversations.c.lease_until <= _AT),
)
_LEASE = (
    conversations.update()
    .where(_THIS, _DUE)
    .values(
        attempts=conversations.c.attempts + sa.case((conversations.c.lease_holder.is_not(None), 1), else_=0),
        lease_holder=sa.bindparam("holder"),
        lease_until=sa.bindparam("until", type_=UtcDateTime()),
    )
    .returning(*conversations.c)
)
_DUE_IDS = (
    sa.select(conversations.c.id).where(_DUE).order_by(conversations.c.last_message_at).limit(sa.bindparam("limit"))
)


def count_in(connection: sa.Connection, conversation_id: str, at: datetime) -> Row | None:
    """Make room for one message of the customer in an open conversation, and give the row with its `last_seq`."""
    return connection.execute(_COUNT_IN, {"this": conversation_id, "at": at}).one_or_none()


def due_ids(connection: sa.Connection, at: datetime, limit: int) -> list[str]:
    """Give the conversations whose turn is due and that nobody holds, those first that have waited longest."""
    return list(connection.scalars(_DUE_IDS, {"at": at, "limit": limit}))


def lease(connection: sa.Connection, conversation_id: str, holder: str, at: datetime, seconds: float) -> Row | None:
    """Take the lease of a conversation that is due; a lease that ran out counts as one failed try."""
    until = at + timedelta(seconds=seconds)
    return connection.execute(
        _LEASE, {"this": conversation_id, "at": at, "holder": holder, "until": until}
    ).one_or_none()


def renew(
    connection: sa.Connection, conversation_ids: Sequence[str], holder: str, at: datetime, seconds: float
) -> None:
    """Let a holder's leases last longer; those that are another's by now are left alone."""
    connection.execute(
        conversations.update()
        .where(conversations.c.id.in_(conversation_ids), conversations.c.lease_holder == holder)
        .values(lease_until=at + timedelta(seconds=seconds))
    )


def put_off(connection: sa.Connection, conversation_id: str, holder: str, until: datetime) -> None:
    """Give a lease back after a failed try; one that is no longer the holder's is left alone."""
    connection.execute(
        conversations.update()
        .where(conversations.c.id == conversation_id, conversations.c.lease_holder == holder)
        .values(lease_holder=None, lease_until=None, attempts=conversations.c.attempts + 1, retry_at=until)
    )


RESTED: dict[str, Any] = {"lease_holder": None, "lease_until": None, "attempts": 0, "retry_at": None}
"""The columns of a conversation in which no turn is under way."""


def columns_of(target: Ownership, before: Ownership) -> dict[str, Any]:
    """Give the columns that say what `target` says; nothing of the bot's work is left once it is not the bot's."""
    values: dict[str, Any] = {"agent_id": target.agent_id, "version": target.version}
    if target.state is State.CLOSED:
        values["status"] = "closed"
    else:
        values["owner"] = target.state.value
    if before.state is State.BOT:
        values |= RESTED | {"unanswered": 0}
    return values


def compare_and_set(connection: sa.Connection, row: Row, values: dict[str, Any]) -> Row:
    """Set columns of a conversation whose version is still the one that was read.

    Raises:
        Conflict: Somebody changed it meanwhile.
    """
    changed = connection.execute(
        conversations.update()
        .where(conversations.c.id == row.id, conversations.c.version == row.version)
        .values(**values)
        .returning(*conversations.c)
    ).one_or_none()
    if changed is None:
        raise Conflict(f"conversation {row.id} changed meanwhile")
    return changed


def deliver(connection: sa.Connection, conversation_id: str, seq: int) -> None:
    """Move the customer's cursor forward, never back and never past the log's end."""
    connection.execute(
        conversations.update()
        .where(
            conversations.c.id == conversation_id,
            conversations.c.delivered_seq < seq,
            conversations.c.last_seq >= seq,
        )
        .values(delivered_seq=seq)
    )


def see(connection: sa.Connection, conversation_id: str, by: str, seq: int, agent_id: str | None = None) -> bool:
    """Move a side's read mark forward, never back and never past the log's end; tell whether it moved.

    Args:
        connection: Inside a transaction.
        conversation_id: Which conversation.
        by: `customer` or `agent`.
        seq: The last message that was seen.
        agent_id: Only while this person has the conversation.
    """
    mark = conversations.c[f"seen_by_{by}_seq"]
    seen = conversations.update().where(
        conversations.c.id == conversation_id, mark < seq, conversations.c.last_seq >= seq
    )
    if agent_id is not None:
        seen = seen.where(conversations.c.owner == Owner.HUMAN.value, conversations.c.agent_id == agent_id)
    return bool(connection.execute(seen.values({mark: seq})).rowcount)


def of_agent(connection: sa.Connection, agent_id: str) -> Sequence[Row]:
    """Give the conversations that an agent has, the most recently active first."""
    return connection.execute(
        sa.select(conversations)
        .where(conversations.c.agent_id == agent_id, _OPEN, conversations.c.owner == Owner.HUMAN.value)
        .order_by(conversations.c.last_message_at.desc())
    ).all()


def recent(connection: sa.Connection, limit: int) -> Sequence[Row]:
    """Give the conversations in which something was said last."""
    return connection.execute(
        sa.select(conversations)
        .order_by(conversations.c.last_message_at.desc(), conversations.c.id.desc())
        .limit(limit)
    ).all()


def of_customer(connection: sa.Connection, customer_id: str, limit: int) -> Sequence[Row]:
    """Give a customer's conversations, the newest first."""
    return connection.execute(
        sa.select(conversations)
        .where(conversations.c.customer_id == customer_id)
        .order_by(conversations.c.opened_at.desc(), conversations.c.id.desc())
        .limit(limit)
    ).all()


_ANSWER_IS_OWED = sa.exists().where(tickets.c.conversation_id == conversations.c.id, tickets.c.answered_at.is_(None))


def quiet_since(connection: sa.Connection, before: datetime, limit: int, *, unasked: bool = False) -> Sequence[Row]:
    """Give open conversations that nobody wrote in since a moment and that do not wait for the bot.

    Args:
        connection: The transaction.
        before: Nobody wrote after it.
        limit: At most so many, the quietest first.
        unasked: Only where the customer was not asked whether they are still there since the last message.
    """
    asked = sa.and_(
        conversations.c.nudged_at.is_not(None), conversations.c.nudged_at >= conversations.c.last_message_at
    )
    return connection.execute(
        sa.select(conversations)
        .where(
            _OPEN,
            conversations.c.last_message_at <= before,
            conversations.c.unanswered == 0,
            conversations.c.snoozed_until.is_(None),
            ~_ANSWER_IS_OWED,  # whoever is still to be answered has not been left alone
            *([~asked] if unasked else []),
        )
        .order_by(conversations.c.last_message_at)
        .limit(limit)
    ).all()
