"""The managers' figures."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

from crm_core.privacy.personal_data import mask_personal_data
from crm_core.records.suggestions import Fate
from crm_core.reports.definitions import ENDINGS
from crm_core.reports.period import Period, zone_of
from crm_core.reports.records import (
    ConversationRow,
    DayRow,
    Drill,
    FeedbackCount,
    FeedbackReport,
    FirstWait,
    IntentCount,
    ModelRow,
    NotUnderstood,
    OfferReport,
    Overview,
    SegmentSize,
    SuggestionReport,
    Understanding,
)
from crm_core.storage import reports as stored
from crm_core.storage.keys import SubjectKeyGone
from crm_core.use_cases.context import Context

_NO_CATEGORY = "other"
_NO_SENTIMENT = "neutral"


class Reports:
    """What managers read of the unified customer database.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def period(self, first: date, last: date) -> Period:
        """Give the run of days from one to another in the shop's time zone, both included."""
        return Period(first, last, self._context.settings.timezone)

    def today(self) -> date:
        """Give the present day in the shop's time zone."""
        return self._context.clock().astimezone(zone_of(self._context.settings.timezone)).date()

    def overview(self, period: Period) -> Overview:
        """Count the conversations that began in a period: per day, how they ended, who waited how long."""
        with self._context.database.reading() as connection:
            rows = stored.daily_endings(connection, period)
            wait = stored.first_wait(connection, period)
        endings: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(ENDINGS, 0))
        handed_off: dict[int, int] = defaultdict(int)
        for row in rows:
            endings[row.number][row.ending] += row.times
            handed_off[row.number] += row.times * row.handed_off
        days = [DayRow(day.date, endings[number], handed_off[number]) for number, day in enumerate(period.days())]
        average = float(wait.seconds) / wait.taken if wait.taken else None
        not_taken = sum(handed_off.values()) - wait.taken
        return Overview(days, FirstWait(wait.taken, not_taken, average, wait.longest))

    def conversations(
        self, period: Period, drill: Drill | None = None, *, limit: int = 50, offset: int = 0
    ) -> tuple[int, list[ConversationRow]]:
        """Give the conversations behind a figure.

        Returns:
            How many there are, equal to the figure, and one page of them, newest first.
        """
        drill = drill or Drill()
        with self._context.database.reading() as connection:
            count = stored.count_conversations(connection, period, drill)
            rows = stored.list_conversations(connection, period, drill, limit, offset)
        return count, [
            ConversationRow(
                row.id, row.opened_at, row.channel, row.language, row.ending, bool(row.handed_off), row.last_seq
            )
            for row in rows
        ]

    def understanding(self, period: Period, *, intents: int = 10) -> Understanding:
        """Count what the assistant understood in a period."""
        with self._context.database.reading() as connection:
            counts = stored.turn_counts(connection, period)
            rows = stored.intent_counts(connection, period, intents)
        top = [IntentCount(row.intent, row.times) for row in rows]
        return Understanding(counts.turns, counts.fallbacks, counts.failed, top)

    def not_understood(self, period: Period, *, limit: int = 50) -> list[NotUnderstood]:
        """Give the latest texts that the assistant did not understand, masked; erased ones are left out."""
        found = []
        with self._context.database.reading() as connection:
            for row in stored.not_understood(connection, period, limit):
                try:
                    body = json.loads(self._context.keys.open(connection, row.key_id, row.body_encrypted))
                except SubjectKeyGone:
                    continue
                text = mask_personal_data(str(body.get("text") or ""))
                found.append(
                    NotUnderstood(row.conversation_id, text, row.intent, row.confidence, row.language, row.created_at)
                )
        return found

    def feedback(self, period: Period) -> FeedbackReport:
        """Count feedback by category and sentiment, and ratings by score."""
        with self._context.database.reading() as connection:
            rows = stored.feedback_counts(connection, period)
            scored = {row.score: row.times for row in stored.rating_counts(connection, period)}
        counts = [
            FeedbackCount(row.category or _NO_CATEGORY, row.sentiment or _NO_SENTIMENT, row.times) for row in rows
        ]
        scores = {score: scored.get(score, 0) for score in range(1, 6)}
        return FeedbackReport(counts, sum(row.serious for row in rows), scores)

    def offers(self, period: Period) -> OfferReport:
        """Count the recommendations served in a period and what came of them."""
        with self._context.database.reading() as connection:
            counts = stored.offer_counts(connection, period)
            revenue = {row.currency: int(row.minor) for row in stored.offer_revenue(connection, period)}
        return OfferReport(
            served=counts.served,
            seen=int(counts.seen),
            clicked=int(counts.clicked),
            accepted=int(counts.accepted),
            rejected=int(counts.rejected),
            bought=int(counts.bought),
            revenue_minor=revenue,
        )

    def suggestions(self, period: Period) -> SuggestionReport:
        """Count the replies that were suggested to agents in a period and what became of them."""
        with self._context.database.reading() as connection:
            rows = stored.suggestion_counts(connection, period)
        sent = {row.outcome: row.times for row in rows if row.sent}
        return SuggestionReport(
            shown=sum(row.times for row in rows),
            sent=sent.get(Fate.ACCEPTED.value, 0),
            edited=sent.get(Fate.EDITED.value, 0),
            dismissed=sum(row.times for row in rows if row.outcome == Fate.DISMISSED.value),
        )

    def segments(self) -> list[SegmentSize]:
        """Give the sizes of the live segments, the largest first."""
        with self._context.database.reading() as connection:
            return [SegmentSize(row.key, row.size, row.model_version) for row in stored.segment_sizes(connection)]

    def models(self) -> list[ModelRow]:
        """Give every trained model, by task, the newest first."""
        with self._context.database.reading() as connection:
            return [
                ModelRow(
                    row.version,
                    row.task,
                    row.algorithm,
                    row.status,
                    row.rows,
                    row.trained_at,
                    row.metrics,
                    row.baseline,
                )
                for row in stored.models(connection)
            ]
