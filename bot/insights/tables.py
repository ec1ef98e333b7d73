"""Plain tables, for figures that are read rather than looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from bot.desk.parts import box, chip, text
from bot.desk.wording import Wording
from crm_core.reports.records import ModelRow, Overview

_LOWER_IS_BETTER = ("error", "loss", "ece", "brier", "mae", "rmse", "seconds")


@contextmanager
def draw_table(heads: list[str], numbers: int = 0) -> Iterator[None]:
    """Draw a table's head; rows are added inside the `with` block. The last `numbers` columns hold numbers."""
    with box("scroll-x"), box("plain", tag="table"):
        with box(tag="thead"), box(tag="tr"):
            for place, head in enumerate(heads):
                text(head, "num" if place >= len(heads) - numbers else "", tag="th", scope="col")
        with box(tag="tbody"):
            yield


def draw_days(overview: Overview, words: Wording) -> None:
    """Draw the daily figures as a table behind a fold."""
    with box("fold", tag="details"):
        text(words.say("insights-as-table"), tag="summary")
        heads = ["insights-column-day", "figure-conversations"]
        heads += [f"figure-{ending.replace('_', '-')}" for ending in overview.endings] + ["figure-handed-off"]
        with draw_table([words.say(head) for head in heads], numbers=len(heads) - 1):
            for day in reversed(overview.days):
                with box(tag="tr"):
                    text(words.day(day.day), tag="td")
                    for count in (day.total, *day.endings.values(), day.handed_off):
                        text(words.number(count), "num", tag="td")


def draw_models(models: list[ModelRow], words: Wording) -> None:
    """Draw the newest model of each task, every metric beside the baseline's."""
    newest: dict[str, ModelRow] = {}
    for model in models:
        known = newest.get(model.task)
        if known is None or (model.status == "live" and known.status != "live"):
            newest[model.task] = model
    heads = ("task", "model", "metric", "served", "baseline")
    with draw_table([words.say(f"insights-column-{head}") for head in heads], numbers=2):
        for model in newest.values():
            _model(model, words)


def _model(model: ModelRow, words: Wording) -> None:
    metrics = _numbers(model.metrics)
    baseline = _numbers(model.baseline)
    for place, (metric, value) in enumerate(metrics.items()):
        with box(tag="tr"):
            if place == 0:
                _name(model, words, len(metrics))
            text(words.name("metric", metric), tag="td")
            other = baseline.get(metric)
            text(words.measure(value), f"num {_verdict(metric, value, other)}", tag="td")
            text("–" if other is None else words.measure(other), "num", tag="td")


def _name(model: ModelRow, words: Wording, rows: int) -> None:
    text(words.name("task", model.task), "strong", tag="td", rowspan=str(rows))
    with box(tag="td", rowspan=str(rows)):
        text(words.name("algorithm", model.algorithm), tag="p")
        text(words.say("insights-trained", day=words.day(model.trained_at), rows=model.rows), "muted small", tag="p")
        chip(words.name("model", model.status), "good" if model.status == "live" else "plain")


def _numbers(metrics: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Give every number of a nested set of metrics under one name."""
    found: dict[str, float] = {}
    for name, value in metrics.items():
        if isinstance(value, Mapping):
            found |= _numbers(value, f"{prefix}{name} ")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            found[f"{prefix}{name}"] = float(value)
    return found


def _verdict(metric: str, value: float, baseline: float | None) -> str:
    if baseline is None or value == baseline:
        return ""
    lower_is_better = any(word in metric for word in _LOWER_IS_BETTER)
    return "better" if (value < baseline) == lower_is_better else "worse"
