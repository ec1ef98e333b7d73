"""The charts' options for ECharts; colours are told apart by lightness too, not by hue alone."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from bot.desk.wording import Wording
from crm_core.reports.records import FeedbackReport, IntentCount, Overview, SegmentSize

ENDING_COLOURS = {
    "solved_by_bot": "#0d6759",
    "solved_by_person": "#6fb7a8",
    "abandoned": "#d98c3f",
    "open": "#b9c3cf",
}
SENTIMENT_COLOURS = {"negative": "#c4555a", "neutral": "#c3ccd6", "positive": "#3d8f63"}
_ONE_COLOUR = "#36488f"
_FONT = 'Inter, ui-sans-serif, system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
_INK = "#4c5868"
_LINE = "#e3e8ee"
_ROW_PIXELS = 28
_HEAD_PIXELS = 56

Options = dict[str, Any]


def draw_chart(options: Options, words: str, classes: str = "chart", rows: int = 0) -> None:
    """Draw a chart with a description for screen readers.

    Args:
        options: Of ECharts.
        words: What the chart shows.
        classes: Of the style sheet.
        rows: Bars that lie one below the other; the chart is as high as they need.
    """
    base: Options = {
        "aria": {"enabled": True, "label": {"description": words}},
        "animationDuration": 300,
        "textStyle": {"fontFamily": _FONT, "color": _INK},
    }
    made = ui.echart(base | options, renderer="svg").classes(classes)
    if rows:
        made.style(f"height:{_ROW_PIXELS * rows + _HEAD_PIXELS}px")
    made.props["role"] = "img"
    made.props["aria-label"] = words


def daily(overview: Overview, words: Wording) -> Options:
    """Conversations per day, stacked by how they ended."""
    return {
        "color": [ENDING_COLOURS[ending] for ending in overview.endings],
        "legend": _legend(),
        "grid": _grid(top=38),
        "tooltip": _tooltip(),
        "xAxis": _category([words.short_day(day.day) for day in overview.days]),
        "yAxis": _value(),
        "series": [
            _bar(words.say(f"figure-{_key(ending)}"), [day.endings[ending] for day in overview.days], stack="all")
            for ending in overview.endings
        ],
    }


def intents(rows: list[IntentCount], words: Wording) -> Options:
    """The most frequent intents, the first on top."""
    names = [words.name("intent", row.intent) for row in reversed(rows)]
    series = _bar(words.say("insights-turns"), [row.count for row in reversed(rows)])
    series |= {"label": {"show": True, "position": "right", "color": _INK}, "barMaxWidth": 18}
    return {
        "color": [_ONE_COLOUR],
        "grid": _grid(right=44),
        "tooltip": _tooltip(),
        "xAxis": _value(shown=False),
        "yAxis": _category(names, width=170),
        "series": [series],
    }


def feedback(report: FeedbackReport, words: Wording) -> Options:
    """Feedback by category, stacked by sentiment; the most frequent category on top."""
    totals: dict[str, int] = {}
    for row in report.counts:
        totals[row.category] = totals.get(row.category, 0) + row.count
    categories = sorted(totals, key=lambda category: totals[category])
    counts = {(row.category, row.sentiment): row.count for row in report.counts}
    return {
        "color": list(SENTIMENT_COLOURS.values()),
        "legend": _legend(),
        "grid": _grid(top=38),
        "tooltip": _tooltip(),
        "xAxis": _value(),
        "yAxis": _category([words.name("feedback", category) for category in categories], width=90),
        "series": [
            _bar(
                words.name("sentiment", sentiment),
                [counts.get((category, sentiment), 0) for category in categories],
                stack="all",
            )
            for sentiment in SENTIMENT_COLOURS
        ],
    }


def ratings(report: FeedbackReport, words: Wording) -> Options:
    """How many ratings of each score."""
    names = [words.say("insights-stars", score=score) for score in report.scores]
    series = _bar(words.say("insights-ratings"), list(report.scores.values()))
    series |= {"label": {"show": True, "position": "top", "color": _INK}, "barMaxWidth": 44}
    return {
        "color": [_ONE_COLOUR],
        "grid": _grid(top=24),
        "tooltip": _tooltip(),
        "xAxis": _category(names),
        "yAxis": _value(shown=False),
        "series": [series],
    }


def segments(names: dict[str, str], rows: list[SegmentSize], words: Wording) -> Options:
    """The sizes of the segments, the largest on top."""
    series = _bar(words.say("insights-customers"), [row.size for row in reversed(rows)])
    series |= {"label": {"show": True, "position": "right", "color": _INK}, "barMaxWidth": 18}
    return {
        "color": [ENDING_COLOURS["solved_by_bot"]],
        "grid": _grid(right=54),
        "tooltip": _tooltip(),
        "xAxis": _value(shown=False),
        "yAxis": _category([names[row.key] for row in reversed(rows)], width=130),
        "series": [series],
    }


def _key(code: str) -> str:
    return code.replace("_", "-")


def _bar(name: str, values: list[int], stack: str | None = None) -> Options:
    series: Options = {"type": "bar", "name": name, "data": values, "barMaxWidth": 26, "barCategoryGap": "30%"}
    return series | ({"stack": stack} if stack else {})


def _legend() -> Options:
    return {"top": 0, "left": 0, "itemWidth": 12, "itemHeight": 12, "itemGap": 20, "textStyle": {"color": _INK}}


def _grid(top: int = 8, right: int = 12) -> Options:
    return {"top": top, "right": right, "bottom": 4, "left": 20, "containLabel": True}


def _tooltip() -> Options:
    return {
        "trigger": "axis",
        "axisPointer": {"type": "shadow"},
        "borderColor": _LINE,
        "textStyle": {"color": "#1b2430", "fontSize": 12.5},
        "confine": True,
    }


def _category(names: list[str], width: int | None = None) -> Options:
    label: Options = {"color": _INK, "hideOverlap": True}
    if width:
        label |= {"width": width, "overflow": "truncate"}
    return {
        "type": "category",
        "data": names,
        "axisTick": {"show": False},
        "axisLine": {"lineStyle": {"color": _LINE}},
        "axisLabel": label,
    }


def _value(*, shown: bool = True) -> Options:
    return {
        "type": "value",
        "minInterval": 1,
        "splitLine": {"show": shown, "lineStyle": {"color": _LINE}},
        "axisLabel": {"show": shown, "color": _INK},
    }
