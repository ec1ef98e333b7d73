"""The card that goes with every model: its use, what it learned from, how well it does (Mitchell et al. 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from crm_core.language import LANGUAGES
from crm_core.phrases import crm_phrases

Metrics = dict[str, float]
"""Figures by name; a hold-out figure unless its name says otherwise."""


@dataclass(frozen=True)
class Card:
    """What is written down of one trained model.

    Attributes:
        task: The capability, which is also the folder under `models/`.
        algorithm: Name of the model that is served.
        rows: Number of rows it learned from.
        split: How the hold-out was made: `time` or `grouped`.
        headline: The metric by which the model is judged first.
        metrics: Hold-out figures of the served model.
        baseline: The same figures of the naive baseline on the same hold-out.
        baseline_algorithm: Name of the baseline.
        candidates: The same figures of every model that was tried, losers too.
        data: What it learned from: counts, dates, settings.
        tables: Larger tables (reliability, F1 by label) as lists of rows, the first being the heading.
    """

    task: str
    algorithm: str
    rows: int
    split: str
    headline: str
    metrics: Metrics
    baseline: Metrics
    baseline_algorithm: str
    candidates: Mapping[str, Metrics] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    tables: Mapping[str, list[list[Any]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Give the card as plain data."""
        return asdict(self)

    def as_markdown(self, version: str, trained_at: datetime, language: str) -> str:
        """Give the card as a page for people."""
        say = crm_phrases.say
        parts = [
            f"# {version}",
            say(language, f"card-{self.task}-use"),
            f"## {say(language, 'card-model')}",
            self._facts(trained_at, language),
            f"## {say(language, 'card-results')}",
            _table(["", *self._columns()], self._results(language)),
            f"## {say(language, 'card-limits')}",
            say(language, f"card-{self.task}-limits"),
        ]
        for name, rows in self.tables.items():
            parts += [f"### {name}", _table(rows[0], rows[1:])]
        return "\n\n".join(parts) + "\n"

    def _facts(self, trained_at: datetime, language: str) -> str:
        facts = {
            "algorithm": self.algorithm,
            "trained_at": trained_at.isoformat(timespec="seconds"),
            "rows": self.rows,
            "split": crm_phrases.say(language, f"card-split-{self.split}"),
            **self.data,
        }
        return "\n".join(f"- {name}: {value}" for name, value in facts.items())

    def _columns(self) -> list[str]:
        return sorted(self.metrics, key=lambda name: (name != self.headline, name))

    def _results(self, language: str) -> list[list[Any]]:
        served = f"**{self.algorithm}** ({crm_phrases.say(language, 'card-served')})"
        naive = f"{self.baseline_algorithm} ({crm_phrases.say(language, 'card-baseline')})"
        lines = [(served, self.metrics), (naive, self.baseline)]
        lines += [(name, figures) for name, figures in self.candidates.items() if name != self.algorithm]
        return [[name, *(_figure(figures.get(column)) for column in self._columns())] for name, figures in lines]


def card_languages() -> tuple[str, ...]:
    """Give the languages in which every card is written."""
    return LANGUAGES


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _table(heading: list[Any], rows: list[list[Any]]) -> str:
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)
