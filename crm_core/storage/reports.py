"""The managers' figures, counted by the database.

Every query takes the same conversations: those that began in the period and in which the customer wrote at least
once. A widget that was only opened is nobody's conversation, and would lower every rate.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from crm_core.records.conversations import Author
from crm_core.reports.definitions import OPEN
from crm_core.reports.period import Day, Period
from crm_core.reports.records import Drill
from crm_core.storage.tables import (
    conversations,
    feedback,
    handoffs,
    messages,
    model_versions,
    products,
    ratings,
    recommendation_outcomes,
    recommendations_served,
    segments,
    suggestions,
    turns,
)
from crm_core.storage.tables._columns import UtcDateTime

AnyRow = sa.Row[*tuple[Any, ...]]
Rows = Sequence[AnyRow]


class whole_seconds(sa.sql.functions.GenericFunction[int]):  # noqa: N801 - named as it reads in SQL
    """The seconds since 1970 of a moment, without fractions, on either database."""

    type = sa.BigInteger()
    inherit_cache = True


@compiles(whole_seconds)
def _whole_seconds(element: whole_seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(FLOOR(EXTRACT(EPOCH FROM {compiler.process(element.clauses, **options)})) AS BIGINT)"


@compiles(whole_seconds, "sqlite")
def _whole_seconds_sqlite(element: whole_seconds, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(strftime('%s', {compiler.process(element.clauses, **options)}) AS INTEGER)"


_ending = sa.case(
    (conversations.c.status == "open", OPEN),
    else_=conversations.c.outcome,
)
_WROTE = sa.or_(  # a closed conversation without outcome is one in which the customer never wrote
    conversations.c.outcome.is_not(None),
    sa.and_(
        conversations.c.status == "open",
        sa.exists().where(messages.c.conversation_id == conversations.c.id, messages.c.author == Author.CUSTOMER.value),
    ),
)
_HANDED_OFF = sa.exists().where(handoffs.c.conversation_id == conversations.c.id)


def _within(column: sa.ColumnElement[Any], period: Period) -> sa.ColumnElement[bool]:
    return sa.and_(column >= period.starts, column < period.ends)


def _began(period: Period) -> sa.ColumnElement[bool]:
    return sa.and_(_within(conversations.c.opened_at, period), _WROTE)


def _day_table(days: Sequence[Day]) -> sa.CTE:
    columns = (sa.column("number", sa.Integer), sa.column("starts", UtcDateTime), sa.column("ends", UtcDateTime))
    rows = [(number, day.starts, day.ends) for number, day in enumerate(days)]
    return sa.values(*columns, name="days").data(rows).cte("days")


def daily_endings(connection: sa.Connection, period: Period) -> Rows:
    """Give (day number, ending, handed off as 0 or 1, times) for each combination there is."""
    days = _day_table(period.days())
    handed_off = sa.case((_HANDED_OFF, 1), else_=0).label("handed_off")
    on_day = sa.and_(conversations.c.opened_at >= days.c.starts, conversations.c.opened_at < days.c.ends)
    each = (
        sa.select(days.c.number, _ending.label("ending"), handed_off)
        .select_from(days.join(conversations, on_day))
        .where(_WROTE)
        .subquery()
    )
    grouped = (each.c.number, each.c.ending, each.c.handed_off)
    return connection.execute(sa.select(*grouped, sa.func.count().label("times")).group_by(*grouped)).all()


def first_wait(connection: sa.Connection, period: Period) -> AnyRow:
    """Give (conversations taken, sum and longest of their seconds of waiting) over first taken hand-offs."""
    place = sa.func.row_number().over(partition_by=handoffs.c.conversation_id, order_by=handoffs.c.taken_at)
    waited = whole_seconds(handoffs.c.taken_at) - whole_seconds(handoffs.c.requested_at)
    each = (
        sa.select(waited.label("waited"), place.label("place"))
        .select_from(handoffs.join(conversations, conversations.c.id == handoffs.c.conversation_id))
        .where(handoffs.c.requested_at >= period.starts, handoffs.c.taken_at.is_not(None), _began(period))
        .subquery()
    )
    return connection.execute(
        sa.select(
            sa.func.count().label("taken"),
            sa.func.sum(each.c.waited).label("seconds"),
            sa.func.max(each.c.waited).label("longest"),
        )
        .select_from(each)
        .where(each.c.place == 1)
    ).one()


def _drilled(period: Period, drill: Drill) -> list[sa.ColumnElement[bool]]:
    if drill.day is not None:
        period = Period(drill.day, drill.day, period.timezone)
    conditions = [_began(period)]
    if drill.ending is not None:
        conditions.append(_ending.in_([drill.ending]))
    if drill.handed_off is not None:
        conditions.append(_HANDED_OFF if drill.handed_off else ~_HANDED_OFF)
    return conditions


def count_conversations(connection: sa.Connection, period: Period, drill: Drill) -> int:
    """Count the conversations behind a figure."""
    counted = sa.select(sa.func.count()).select_from(conversations).where(*_drilled(period, drill))
    return int(connection.scalar(counted) or 0)


def list_conversations(connection: sa.Connection, period: Period, drill: Drill, limit: int, offset: int) -> Rows:
    """Give the conversations behind a figure, newest first."""
    return connection.execute(
        sa.select(
            conversations.c.id,
            conversations.c.opened_at,
            conversations.c.channel,
            conversations.c.language,
            conversations.c.last_seq,
            _ending.label("ending"),
            sa.case((_HANDED_OFF, 1), else_=0).label("handed_off"),
        )
        .where(*_drilled(period, drill))
        .order_by(conversations.c.opened_at.desc(), conversations.c.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def turn_counts(connection: sa.Connection, period: Period) -> AnyRow:
    """Give (turns, fallbacks, failed) of the turns of a period; a turn cut off by a person is not counted."""
    return connection.execute(
        sa.select(
            sa.func.count().label("turns"),
            sa.func.count(sa.case((sa.and_(turns.c.fallback, ~turns.c.failed), 1))).label("fallbacks"),
            sa.func.count(sa.case((turns.c.failed, 1))).label("failed"),
        ).where(_within(turns.c.created_at, period), ~turns.c.suppressed)
    ).one()


def intent_counts(connection: sa.Connection, period: Period, limit: int) -> Rows:
    """Give (intent, times) of understood turns, the most frequent first."""
    return connection.execute(
        sa.select(turns.c.intent, sa.func.count().label("times"))
        .where(
            _within(turns.c.created_at, period),
            ~turns.c.suppressed,
            ~turns.c.fallback,
            ~turns.c.failed,
            turns.c.intent.is_not(None),
        )
        .group_by(turns.c.intent)
        .order_by(sa.func.count().desc(), turns.c.intent)
        .limit(limit)
    ).all()


def not_understood(connection: sa.Connection, period: Period, limit: int) -> Rows:
    """Give the sealed texts that the assistant did not understand, newest first."""
    return connection.execute(
        sa.select(
            turns.c.conversation_id,
            turns.c.intent,
            turns.c.confidence,
            turns.c.created_at,
            conversations.c.language,
            conversations.c.key_id,
            messages.c.body_encrypted,
        )
        .join(messages, messages.c.id == turns.c.message_id)
        .join(conversations, conversations.c.id == turns.c.conversation_id)
        .where(_within(turns.c.created_at, period), turns.c.fallback, ~turns.c.suppressed, ~turns.c.failed)
        .order_by(turns.c.created_at.desc(), turns.c.id.desc())
        .limit(limit)
    ).all()


def feedback_counts(connection: sa.Connection, period: Period) -> Rows:
    """Give (category, sentiment, times, serious) of the feedback of a period."""
    return connection.execute(
        sa.select(
            feedback.c.category,
            feedback.c.sentiment,
            sa.func.count().label("times"),
            sa.func.count(sa.case((feedback.c.serious, 1))).label("serious"),
        )
        .where(_within(feedback.c.created_at, period))
        .group_by(feedback.c.category, feedback.c.sentiment)
    ).all()


def rating_counts(connection: sa.Connection, period: Period) -> Rows:
    """Give (score, times) of the ratings of a period."""
    return connection.execute(
        sa.select(ratings.c.score, sa.func.count().label("times"))
        .where(_within(ratings.c.created_at, period))
        .group_by(ratings.c.score)
    ).all()


def suggestion_counts(connection: sa.Connection, period: Period) -> Rows:
    """Give (outcome, sent, times) of the replies that were suggested in a period."""
    sent = suggestions.c.sent_at.is_not(None)
    return connection.execute(
        sa.select(suggestions.c.outcome, sent.label("sent"), sa.func.count().label("times"))
        .where(_within(suggestions.c.shown_at, period))
        .group_by(suggestions.c.outcome, sent)
    ).all()


def offer_counts(connection: sa.Connection, period: Period) -> AnyRow:
    """Give how many recommendations were served in a period, and how many of them came to each event."""

    def came_to(*events: str) -> sa.ColumnElement[int]:
        happened = sa.exists().where(
            recommendation_outcomes.c.served_id == recommendations_served.c.id,
            recommendation_outcomes.c.event.in_(events),
        )
        return sa.case((happened, 1), else_=0)

    each = (
        sa.select(
            came_to("seen", "click", "cart", "buy", "reject").label("seen"),
            came_to("click", "cart", "buy").label("clicked"),
            came_to("cart", "buy").label("accepted"),
            came_to("buy").label("bought"),
            came_to("reject").label("rejected"),
        )
        .where(_within(recommendations_served.c.served_at, period))
        .subquery()
    )
    totals = [sa.func.coalesce(sa.func.sum(column), 0).label(column.name) for column in each.c]
    return connection.execute(sa.select(sa.func.count().label("served"), *totals).select_from(each)).one()


def offer_revenue(connection: sa.Connection, period: Period) -> Rows:
    """Give (currency, minor units) of the purchases that came from recommendations served in a period."""
    return connection.execute(
        sa.select(products.c.currency, sa.func.sum(recommendation_outcomes.c.value_minor).label("minor"))
        .select_from(recommendation_outcomes)
        .join(recommendations_served, recommendations_served.c.id == recommendation_outcomes.c.served_id)
        .join(products, products.c.id == recommendations_served.c.product_id)
        .where(
            _within(recommendations_served.c.served_at, period),
            recommendation_outcomes.c.event == "buy",
            recommendation_outcomes.c.value_minor.is_not(None),
        )
        .group_by(products.c.currency)
        .order_by(products.c.currency)
    ).all()


def segment_sizes(connection: sa.Connection) -> Rows:
    """Give (key, size, model version) of the live segment model, the largest first."""
    return connection.execute(
        sa.select(segments.c.key, segments.c.size, segments.c.model_version)
        .join(model_versions, model_versions.c.version == segments.c.model_version)
        .where(model_versions.c.task == "segment", model_versions.c.status == "live")
        .order_by(segments.c.size.desc(), segments.c.key)
    ).all()


def models(connection: sa.Connection) -> Rows:
    """Give every model version, by task, the newest first."""
    return connection.execute(
        sa.select(model_versions).order_by(model_versions.c.task, model_versions.c.trained_at.desc())
    ).all()
