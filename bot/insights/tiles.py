"""The figures at the top, each with its definition, and the conversations behind those that can be looked into."""

from __future__ import annotations

from collections.abc import Callable

from bot.desk.parts import box, button, info, text
from bot.desk.wording import Wording
from bot.insights.charts import ENDING_COLOURS
from crm_core.reports.definitions import FIGURES
from crm_core.reports.records import Drill, FeedbackReport, Overview
from crm_core.reports.shares import percentages

Look = Callable[[str, Drill], None]


def definition(words: Wording, figure: str) -> str:
    """Give a figure's definition in words."""
    return words.say(f"figure-{key_of(figure)}-definition")


def key_of(figure: str) -> str:
    """Give the part of a locale key that names a figure.

    Raises:
        KeyError: There is no such figure.
    """
    return FIGURES[figure].id.replace("_", "-")


def draw_tiles(words: Wording, overview: Overview, before: Overview, rated: FeedbackReport, look: Look) -> None:
    """Draw the figures of the period; `before` is the equally long period before it, `look` opens a drill-down."""
    with box("tiles"):
        shown, was = percentages(overview.endings), percentages(before.endings)
        for ending, percent in shown.items():
            change = percent - was[ending] if before.total and overview.total else None
            _tile(
                words,
                ending,
                f"{percent:.1f}%" if overview.total else "–",
                _points(words, change) or words.say("insights-conversations", count=overview.endings[ending]),
                colour=ENDING_COLOURS[ending],
                count=overview.endings[ending],
                look=_looks(look, ending, Drill(ending=ending)),
            )
        _totals(words, overview, before, look)
        _wait(words, overview)
        _rating(words, rated)


def _totals(words: Wording, overview: Overview, before: Overview, look: Look) -> None:
    _tile(
        words,
        "conversations",
        words.number(overview.total),
        words.say("insights-before", value=words.number(before.total)),
        count=overview.total,
        look=_looks(look, "conversations", Drill()),
    )
    change = (overview.handoff_rate - before.handoff_rate) * 100 if before.total and overview.total else None
    _tile(
        words,
        "handed_off",
        words.percent(overview.handoff_rate, 1) if overview.total else "–",
        _points(words, change) or words.say("insights-conversations", count=overview.handed_off),
        count=overview.handed_off,
        look=_looks(look, "handed_off", Drill(handed_off=True)),
    )


def _wait(words: Wording, overview: Overview) -> None:
    wait = overview.first_wait
    value = "–" if wait.average_seconds is None else words.span(wait.average_seconds)
    _tile(words, "first_wait", value, words.say("insights-wait", taken=wait.taken, left=wait.not_taken))


def _rating(words: Wording, report: FeedbackReport) -> None:
    value = "–" if report.average is None else words.say("insights-of-five", score=words.number(report.average, 1))
    _tile(words, "rating", value, words.say("insights-rated", count=report.rated))


def _tile(
    words: Wording,
    figure: str,
    value: str,
    foot: str,
    *,
    colour: str = "",
    count: int = 0,
    look: Callable[[], None] | None = None,
) -> None:
    with box("tile", tag="section", data_figure=figure):
        with box("tile-name"):
            if colour:
                box("tile-dot").style(f"background:{colour}")
            text(words.say(f"figure-{key_of(figure)}"), tag="h2")
            info(definition(words, figure))
        text(value, "tile-value", tag="p")
        with box("tile-foot"):
            text(foot)
            if look is not None and count:
                button(words.say("insights-look", count=count), look, "num")


def _points(words: Wording, change: float | None) -> str:
    if change is None:
        return ""
    return words.say("insights-points", change=f"{change:+.1f}")


def _looks(look: Look, figure: str, drill: Drill) -> Callable[[], None]:
    return lambda: look(figure, drill)
