"""Pages of conversations with all that a list shows, in few queries whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.conversations import Author, Owner
from crm_core.records.lists import SavedFilter, Shelf, Wanted
from crm_core.storage.profiling import refuses_profiling
from crm_core.storage.tables import (
    conversation_tags,
    conversations,
    customers,
    handoffs,
    messages,
    saved_filters,
    scores,
    tickets,
)

Row = sa.Row[*tuple[Any, ...]]
_CUSTOMER = [Author.CUSTOMER.value]
_WRITERS = [*_CUSTOMER, Author.BOT.value, Author.AGENT.value]
_OPEN = conversations.c.status == sa.literal_column("'open'")  # written as the partial indexes have it
_NOT_SNOOZED = conversations.c.snoozed_until.is_(None)
_ON_SHELF: dict[Shelf, list[sa.ColumnElement[bool]]] = {
    Shelf.MINE: [_OPEN, conversations.c.owner == Owner.HUMAN.value, _NOT_SNOOZED],
    Shelf.OFFERED: [_OPEN],
    Shelf.WAITING: [_OPEN, conversations.c.owner == Owner.QUEUE.value],
    Shelf.OWED: [
        _OPEN,
        conversations.c.owner == Owner.BOT.value,  # the others are in the queue, or somebody has them
        sa.exists().where(tickets.c.conversation_id == conversations.c.id, tickets.c.answered_at.is_(None)),
    ],
    Shelf.OPEN: [_OPEN, _NOT_SNOOZED],
    Shelf.SNOOZED: [_OPEN, conversations.c.snoozed_until.is_not(None)],
    Shelf.CLOSED: [conversations.c.status == sa.literal_column("'closed'")],
}


def _last_seq(authors: Sequence[str]) -> sa.ScalarSelect[int]:
    """Give, in SQL, the place of the last message by one of these; the unique index is read backwards."""
    return (
        sa.select(sa.func.max(messages.c.seq))
        .where(messages.c.conversation_id == conversations.c.id, messages.c.author.in_(authors))
        .scalar_subquery()
    )


_SEGMENT = (
    sa.select(scores.c.label)
    .where(
        scores.c.customer_id == conversations.c.customer_id,
        scores.c.task == "segment",
        ~refuses_profiling(conversations.c.customer_id),
    )
    .order_by(scores.c.as_of.desc())
    .limit(1)
    .scalar_subquery()
)
_OPEN_WISH = sa.and_(handoffs.c.conversation_id == conversations.c.id, handoffs.c.ended_at.is_(None))
_LAST = messages.alias("last")
_ROWS = (  # made once: making it takes longer than asking it
    sa.select(
        conversations,
        _LAST.c.body_encrypted,
        (_LAST.c.seq == _last_seq(_WRITERS)).label("unread"),
        customers.c.name_encrypted,
        customers.c.key_id.label("customer_key_id"),
        _SEGMENT.label("segment"),
        handoffs.c.reason,
        sa.case((handoffs.c.first_reply_at.is_(None), handoffs.c.reply_due_at)).label("reply_due_at"),
        handoffs.c.solve_due_at,
    )
    .join(customers, customers.c.id == conversations.c.customer_id)
    .outerjoin(_LAST, sa.and_(_LAST.c.conversation_id == conversations.c.id, _LAST.c.seq == _last_seq(_CUSTOMER)))
    .outerjoin(handoffs, _OPEN_WISH)
    .where(conversations.c.id.in_(sa.bindparam("chosen", expanding=True)))
)


def ids(connection: sa.Connection, shelf: Shelf, agent_id: str, wanted: Wanted, limit: int) -> list[str]:
    """Give the conversations of a list, those first in which something was said last.

    Args:
        connection: The transaction.
        shelf: Which conversations.
        agent_id: Whose list it is.
        wanted: What it is narrowed to.
        limit: At most so many.
    """
    chosen = [*_ON_SHELF[shelf], *_narrowed(wanted)]
    query = sa.select(conversations.c.id)
    if shelf is Shelf.MINE:
        chosen.append(conversations.c.agent_id == agent_id)
    elif shelf is Shelf.OFFERED:
        query = query.join(handoffs, _OPEN_WISH)
        chosen.append(handoffs.c.offered_to == agent_id)
    ordered = query.where(*chosen).order_by(conversations.c.last_message_at.desc(), conversations.c.id.desc())
    return list(connection.scalars(ordered.limit(limit)))


def count(connection: sa.Connection, shelf: Shelf, wanted: Wanted) -> int:
    """Count the conversations of a list that is not one agent's."""
    query = sa.select(sa.func.count()).select_from(conversations).where(*_ON_SHELF[shelf], *_narrowed(wanted))
    return connection.scalar(query) or 0


def rows(connection: sa.Connection, conversation_ids: Sequence[str]) -> dict[str, Row]:
    """Give conversations with what a list shows of each.

    Returns:
        By id, the columns of the conversation and `body_encrypted` (what the customer said last), `unread` (nobody has
        written since), `name_encrypted`, `customer_key_id`, `segment`, and `reason`, `reply_due_at` (while nobody has
        replied) and `solve_due_at` of the open hand-off.
    """
    return {row.id: row for row in connection.execute(_ROWS, {"chosen": list(conversation_ids)})}


def save_filter(connection: sa.Connection, agent_id: str, name: str, shelf: Shelf, wanted: Wanted, at: datetime) -> str:
    """Keep a list under a name and give its id."""
    made = new_id()
    chosen = {key: value for key, value in asdict(wanted).items() if value is not None}
    connection.execute(
        saved_filters.insert().values(
            id=made, agent_id=agent_id, name=name, shelf=shelf.value, wanted=chosen, created_at=at
        )
    )
    return made


def filters_of(connection: sa.Connection, agent_id: str) -> list[SavedFilter]:
    """Give the lists that somebody keeps, by name."""
    query = sa.select(saved_filters).where(saved_filters.c.agent_id == agent_id).order_by(saved_filters.c.name)
    return [SavedFilter(row.id, row.name, Shelf(row.shelf), Wanted(**row.wanted)) for row in connection.execute(query)]


def forget_filter(connection: sa.Connection, agent_id: str, filter_id: str) -> None:
    """Keep a list no more."""
    connection.execute(
        saved_filters.delete().where(saved_filters.c.id == filter_id, saved_filters.c.agent_id == agent_id)
    )


def tagged(connection: sa.Connection, tag: str, conversation_ids: Sequence[str]) -> set[str]:
    """Give those of some conversations that have a tag."""
    query = sa.select(conversation_tags.c.conversation_id)
    chosen = query.where(conversation_tags.c.tag == tag, conversation_tags.c.conversation_id.in_(conversation_ids))
    return set(connection.scalars(chosen))


def _narrowed(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    given = {name: value for name, value in asdict(wanted).items() if value is not None}
    tag = given.pop("tag", None)
    columns = [conversations.c[name] == value for name, value in given.items()]
    if tag is None:
        return columns
    has_tag = sa.and_(conversation_tags.c.conversation_id == conversations.c.id, conversation_tags.c.tag == tag)
    return [*columns, sa.exists().where(has_tag)]
