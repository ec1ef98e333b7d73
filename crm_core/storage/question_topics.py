"""Queries on questions that are alike, and on the hand-offs that people's answers are taken from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.records.questions import Outcome, TopicStatus
from crm_core.storage.questions import MISSED, NOT_HELPED
from crm_core.storage.tables import conversations, handoffs, handoffs_read, question_topics, questions, turns

Row = sa.Row[*tuple[Any, ...]]


def create(connection: sa.Connection, language: str, at: datetime) -> str:
    """Begin a topic and give its id."""
    topic_id = new_id()
    values = {"id": topic_id, "language": language, "status": TopicStatus.OPEN.value, "created_at": at}
    connection.execute(question_topics.insert(), values)
    return topic_id


def join(connection: sa.Connection, question_ids: Iterable[str], topic_id: str) -> None:
    """Put questions into a topic."""
    connection.execute(questions.update().where(questions.c.id.in_(list(question_ids))).values(topic_id=topic_id))


def reopen(connection: sa.Connection, topic_ids: Iterable[str]) -> None:
    """Open the topics again that were thought answered until a question was missed after that."""
    since = sa.exists().where(
        questions.c.topic_id == question_topics.c.id, questions.c.asked_at > question_topics.c.decided_at, MISSED
    )
    connection.execute(
        question_topics.update()
        .where(
            question_topics.c.id.in_(list(topic_ids)),
            question_topics.c.status == TopicStatus.ANSWERED.value,
            since,
        )
        .values(status=TopicStatus.OPEN.value)
    )


def decide(connection: sa.Connection, topic_id: str, status: TopicStatus, values: dict[str, Any]) -> int:
    """Note what was made of a topic; give how many rows that concerned."""
    ours = question_topics.c.id == topic_id
    return connection.execute(question_topics.update().where(ours).values(status=status.value, **values)).rowcount


def ids(connection: sa.Connection, language: str) -> list[str]:
    """Give every topic of a language."""
    return list(connection.scalars(sa.select(question_topics.c.id).where(question_topics.c.language == language)))


def counted(connection: sa.Connection, status: TopicStatus | None, topic_id: str | None, limit: int) -> Sequence[Row]:
    """Give the topics with their counts, the most frequent first."""
    not_helped = sa.case((NOT_HELPED, 1))
    missed = sa.func.count(sa.distinct(sa.case((MISSED, questions.c.message_id))))
    query = (
        sa.select(
            question_topics,
            missed.label("unanswered"),
            sa.func.count(sa.case((questions.c.outcome == Outcome.PERSON.value, 1))).label("replies"),
            sa.func.count(sa.case((questions.c.outcome == Outcome.UNKNOWN.value, 1))).label("unknown"),
            sa.func.count(sa.case((questions.c.outcome == Outcome.FALLBACK.value, 1))).label("fallback"),
            sa.func.count(not_helped).label("not_helped"),
            sa.func.max(questions.c.asked_at).label("last_at"),
        )
        .join(questions, questions.c.topic_id == question_topics.c.id)
        .group_by(*question_topics.c)
        .order_by(missed.desc(), sa.func.max(questions.c.asked_at).desc(), question_topics.c.id)
        .limit(limit)
    )
    if status is not None:
        query = query.where(question_topics.c.status == status.value)
    if topic_id is not None:
        query = query.where(question_topics.c.id == topic_id)
    return connection.execute(query).all()


def unread_handoffs(connection: sa.Connection, limit: int) -> Sequence[Row]:
    """Give the hand-offs that a person took and that have ended, whose answers nobody has looked at yet."""
    read = sa.exists().where(handoffs_read.c.handoff_id == handoffs.c.id)
    query = (
        sa.select(handoffs, conversations.c.language, conversations.c.key_id)
        .join(conversations, conversations.c.id == handoffs.c.conversation_id)
        .where(handoffs.c.taken_at.is_not(None), handoffs.c.ended_at.is_not(None), ~read)
        .order_by(handoffs.c.ended_at, handoffs.c.id)
    )
    return connection.execute(query.limit(limit)).all()


def mark_read(connection: sa.Connection, handoff_id: str, at: datetime) -> None:
    """Note that a hand-off was looked at."""
    connection.execute(handoffs_read.insert(), {"handoff_id": handoff_id, "read_at": at})


def understood_as(connection: sa.Connection, conversation_id: str) -> dict[str, str | None]:
    """Give what the assistant understood of each message of a conversation."""
    query = sa.select(turns.c.message_id, turns.c.intent).where(turns.c.conversation_id == conversation_id)
    return {row.message_id: row.intent for row in connection.execute(query)}
