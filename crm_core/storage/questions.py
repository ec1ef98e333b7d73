"""Queries on what customers asked of the articles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.records.consent import Purpose
from crm_core.records.questions import ArticleUse, Outcome, Question
from crm_core.storage.consents import refuses
from crm_core.storage.keys import KeyRing, SubjectKeyGone
from crm_core.storage.tables import conversations, questions, subject_keys
from crm_core.storage.upsert import insert_or_ignore

Row = sa.Row[*tuple[Any, ...]]
_WITH_KEY = sa.select(questions, conversations.c.key_id).join(
    conversations, conversations.c.id == questions.c.conversation_id
)
_next = questions.alias("next_best")
NOT_HELPED = sa.and_(
    questions.c.outcome == Outcome.ANSWERED.value,
    questions.c.helped.is_(False),
    questions.c.follows_id.is_(None),  # the next best of no help either is the same question once more
    ~sa.exists().where(_next.c.follows_id == questions.c.id, _next.c.helped.is_(True)),
)
_MAY_BE_LEARNED = ~refuses(conversations.c.customer_id, Purpose.ANALYTICS)
MISSED = sa.or_(questions.c.outcome.in_([Outcome.UNKNOWN.value, Outcome.FALLBACK.value]), NOT_HELPED)
"""Questions for which an article was missing."""


def key_of(connection: sa.Connection, conversation_id: str) -> str | None:
    """Give the key of a conversation, None where there is no such conversation."""
    query = sa.select(conversations.c.key_id).where(conversations.c.id == conversation_id)
    found: str | None = connection.scalar(query)
    return found


def add(connection: sa.Connection, values: dict[str, Any]) -> str:
    """Keep a question and give its id; the same one of the same message is kept once."""
    if insert_or_ignore(connection, questions, values):
        return str(values["id"])
    same = [questions.c[name] == values[name] for name in ("conversation_id", "message_id", "outcome", "slug")]
    return str(connection.scalar(sa.select(questions.c.id).where(*same)))


def judge(connection: sa.Connection, question_id: str, conversation_id: str, helped: bool, at: datetime) -> Row | None:
    """Note what the customer said of an answer; give the question, or None where it is not this conversation's."""
    ours = sa.and_(questions.c.id == question_id, questions.c.conversation_id == conversation_id)
    connection.execute(questions.update().where(ours).values(helped=helped, judged_at=at))
    return connection.execute(_WITH_KEY.where(ours)).one_or_none()


def quoted_with(connection: sa.Connection, question: Row) -> set[str]:
    """Give the articles that were quoted to a question: to itself, and before it where it is a next best."""
    first = question.follows_id or question.id
    query = sa.select(questions.c.slug).where(sa.or_(questions.c.id == first, questions.c.follows_id == first))
    return set(connection.scalars(query))


def ungrouped(connection: sa.Connection, limit: int) -> Sequence[Row]:
    """Give the missed questions, and those that a person answered, that belong to no topic yet; the oldest first."""
    readable = sa.exists().where(subject_keys.c.id == conversations.c.key_id, subject_keys.c.wrapped_key.is_not(None))
    wanted = sa.or_(MISSED, questions.c.outcome == Outcome.PERSON.value)
    query = _WITH_KEY.where(wanted, questions.c.topic_id.is_(None), readable, _MAY_BE_LEARNED)
    return connection.execute(query.order_by(questions.c.asked_at, questions.c.id).limit(limit)).all()


def of_topics(connection: sa.Connection, topic_ids: Iterable[str], each: int) -> Sequence[Row]:
    """Give the newest questions of some topics, so many of each."""
    place = sa.func.row_number().over(partition_by=questions.c.topic_id, order_by=questions.c.asked_at.desc())
    newest = sa.select(questions.c.id, place.label("place")).where(questions.c.topic_id.in_(list(topic_ids))).subquery()
    query = _WITH_KEY.join(newest, newest.c.id == questions.c.id).where(newest.c.place <= each, _MAY_BE_LEARNED)
    return connection.execute(query.order_by(questions.c.topic_id, questions.c.asked_at.desc())).all()


def use_of_articles(connection: sa.Connection) -> dict[str, ArticleUse]:
    """Count for each article how often it was quoted, and what customers said of it."""
    helped = sa.func.count(sa.case((questions.c.helped.is_(True), 1)))
    not_helped = sa.func.count(sa.case((questions.c.helped.is_(False), 1)))
    query = (
        sa.select(questions.c.slug, sa.func.count(), helped, not_helped)
        .where(questions.c.outcome == Outcome.ANSWERED.value)
        .group_by(questions.c.slug)
    )
    return {row[0]: ArticleUse(*row) for row in connection.execute(query)}


def opened(connection: sa.Connection, keys: KeyRing, row: Row) -> Question | None:
    """Give a row as a question, None where its customer was erased."""
    try:
        text = keys.open(connection, row.key_id, row.text_encrypted)
        reply = None if row.reply_encrypted is None else keys.open(connection, row.key_id, row.reply_encrypted)
    except SubjectKeyGone:
        return None
    return Question(
        id=row.id,
        conversation_id=row.conversation_id,
        text=text,
        language=row.language,
        outcome=Outcome(row.outcome),
        slug=row.slug or None,
        score=row.score,
        helped=row.helped,
        asked_at=row.asked_at,
        reply=reply,
    )
