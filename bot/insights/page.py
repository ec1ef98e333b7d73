"""The managers' page: what happened in a run of days, each figure with its definition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nicegui import background_tasks
from starlette.requests import Request

from bot.desk.frame import Visit, add_style
from bot.desk.parts import box, empty, heading, info, link, meter, text
from bot.desk.wording import Wording
from bot.insights import charts
from bot.insights.drill import DrillWindow
from bot.insights.range import draw_range, period_of
from bot.insights.tables import draw_days, draw_models
from bot.insights.tiles import definition, draw_tiles, key_of
from crm_core.crm import Crm
from crm_core.records.shop import Money
from crm_core.reports.period import Period
from crm_core.reports.records import (
    Drill,
    FeedbackReport,
    ModelRow,
    NotUnderstood,
    OfferReport,
    Overview,
    SegmentSize,
    SuggestionReport,
    Understanding,
)
from crm_core.reports.shares import share

_HERE = Path(__file__).parent
_SAID = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the page shows, read at one go."""

    overview: Overview
    before: Overview
    understanding: Understanding
    not_understood: list[NotUnderstood]
    feedback: FeedbackReport
    offers: OfferReport
    suggestions: SuggestionReport
    segments: list[SegmentSize]
    models: list[ModelRow]


def read_figures(crm: Crm, period: Period) -> Figures:
    """Read the figures of a period."""
    reports = crm.reports
    return Figures(
        overview=reports.overview(period),
        before=reports.overview(period.before()),
        understanding=reports.understanding(period),
        not_understood=reports.not_understood(period, limit=_SAID),
        feedback=reports.feedback(period),
        offers=reports.offers(period),
        suggestions=reports.suggestions(period),
        segments=reports.segments(),
        models=reports.models(),
    )


async def build(visit: Visit, request: Request) -> None:
    """Build the page for the days in its address (`?from=2026-01-01&to=2026-01-31`)."""
    add_style(_HERE / "insights.css")
    period = period_of(visit.crm, request.query_params)
    figures = await visit.read(read_figures, visit.crm, period)
    words = visit.words
    window = DrillWindow(visit, period)

    def look(figure: str, drill: Drill) -> None:
        background_tasks.create(window.show(figure, drill), name="drill")

    with box("insights", tag="main"):
        draw_range(words, visit.crm, period)
        draw_tiles(words, figures.overview, figures.before, figures.feedback, look)
        _daily(words, figures.overview)
        with box("grid-2"):
            _intents(words, figures.understanding)
            _fallbacks(words, figures.understanding, figures.not_understood)
            _feedback(words, figures.feedback)
            _ratings(words, figures.feedback)
            _offers(words, figures.offers)
            _segments(words, figures.segments)
            _suggestions(words, figures.suggestions)
        _models(words, figures.models)


def _card(words: Wording, figure: str, title: str = "") -> None:
    heading(words.say(title or f"figure-{key_of(figure)}"), 2, definition(words, figure))


def _daily(words: Wording, overview: Overview) -> None:
    with box("panel-card", tag="section"):
        _card(words, "conversations", "insights-per-day")
        if not overview.total:
            empty(words.say("insights-no-conversations"), words.say("insights-no-conversations-more"))
            return
        description = words.say("insights-per-day-description", count=overview.total, days=len(overview.days))
        charts.draw_chart(charts.daily(overview, words), description, "chart chart-tall")
        draw_days(overview, words)


def _intents(words: Wording, report: Understanding) -> None:
    with box("panel-card", tag="section"):
        _card(words, "intents")
        if report.intents:
            description = words.say("figure-intents")
            charts.draw_chart(charts.intents(report.intents, words), description, rows=len(report.intents))
        else:
            empty(words.say("insights-nothing"))


def _fallbacks(words: Wording, report: Understanding, said: list[NotUnderstood]) -> None:
    with box("panel-card", tag="section"):
        _card(words, "fallbacks")
        with box("panel-note"):
            _note(words, "insights-fallback-share", words.percent(report.fallback_rate, 1))
            _note(words, "insights-failed-share", words.percent(report.failure_rate, 1))
            _note(words, "insights-turns", words.number(report.turns))
        if not said:
            empty(words.say("insights-all-understood"))
            return
        with box("said", tag="ul", tabindex="0", aria_label=words.say("insights-said")):
            for row in said:
                with box("said-row", tag="li"):
                    text(row.text or words.say("desk-no-text"), "said-text")
                    link(words.moment(row.at), f"/desk?c={row.conversation_id}")


def _feedback(words: Wording, report: FeedbackReport) -> None:
    with box("panel-card", tag="section"):
        _card(words, "feedback")
        if not report.total:
            empty(words.say("insights-no-feedback"))
            return
        with box("panel-note"):
            _note(words, "insights-feedback-total", words.number(report.total))
            _note(words, "insights-feedback-serious", words.number(report.serious))
        categories = len({row.category for row in report.counts})
        charts.draw_chart(charts.feedback(report, words), words.say("figure-feedback"), rows=categories + 1)


def _ratings(words: Wording, report: FeedbackReport) -> None:
    with box("panel-card", tag="section"):
        _card(words, "satisfied", "insights-ratings")
        if not report.rated:
            empty(words.say("insights-no-ratings"))
            return
        with box("panel-note"):
            _note(words, "figure-satisfied", words.percent(report.satisfied, 1))
            _note(words, "insights-ratings", words.number(report.rated))
        charts.draw_chart(charts.ratings(report, words), words.say("insights-ratings"))


def _suggestions(words: Wording, report: SuggestionReport) -> None:
    with box("panel-card", tag="section"):
        _card(words, "suggestions_used", "insights-suggestions")
        if not report.shown:
            empty(words.say("insights-no-suggestions"))
            return
        with box("panel-note"):
            _note(words, "figure-suggestions-used", words.percent(report.used_rate, 1))
            _note(words, "figure-suggestions-shown", words.number(report.shown))
            _note(words, "insights-suggestions-sent", words.number(report.sent))
            _note(words, "insights-suggestions-edited", words.number(report.edited))
            _note(words, "insights-suggestions-dismissed", words.number(report.dismissed))


def _offers(words: Wording, report: OfferReport) -> None:
    with box("panel-card", tag="section"):
        _card(words, "offers_served", "insights-offers")
        if not report.served:
            empty(words.say("insights-no-offers"))
            return
        steps = (
            ("offers_served", report.served),
            ("offers_seen", report.seen),
            ("offers_clicked", report.clicked),
            ("offers_accepted", report.accepted),
        )
        with box("funnel"):
            for figure, count in steps:
                _step(words, figure, count, report.served)
        with box("panel-note"):
            money = [words.money(Money(minor, currency)) for currency, minor in report.revenue_minor.items()]
            _note(words, "figure-offers-revenue", " + ".join(money) or "–")
            info(definition(words, "offers_revenue"))
            _note(words, "insights-declined", words.number(report.rejected))


def _step(words: Wording, figure: str, count: int, served: int) -> None:
    part = share(count, served)
    name = words.say(f"figure-{key_of(figure)}")
    with box("funnel-row"):
        with box("funnel-name"):
            text(name)
            info(definition(words, figure))
        meter(part, f"{name}: {words.percent(part)}", "accent")
        text(f"{words.number(count)} · {words.percent(part, 1)}", "num")


def _segments(words: Wording, rows: list[SegmentSize]) -> None:
    with box("panel-card", tag="section"):
        _card(words, "segments")
        if not rows:
            empty(words.say("insights-no-segments"), words.say("insights-no-models-more"))
            return
        names = {row.key: words.segment(row.key) for row in rows}
        charts.draw_chart(charts.segments(names, rows, words), words.say("figure-segments"), rows=len(rows))


def _models(words: Wording, models: list[ModelRow]) -> None:
    with box("panel-card", tag="section"):
        _card(words, "models")
        if models:
            draw_models(models, words)
        else:
            empty(words.say("insights-no-models"), words.say("insights-no-models-more"))


def _note(words: Wording, key: str, value: str) -> None:
    with box(tag="span"):
        text(f"{words.say(key)} ", "muted")
        text(value, "num", tag="b")
