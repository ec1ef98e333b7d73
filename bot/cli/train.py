"""`rapport train`: learn from the database, measure beside the baselines, serve what was learned."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.cli import assistant_training
from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.records.scores import TrainedModel
from crm_core.settings import Settings
from crm_core.use_cases.training import TASKS


def train(
    tasks: Annotated[list[str] | None, typer.Argument(help=f"Some of {', '.join(TASKS)}; all when left out.")] = None,
    assistant: Annotated[bool | None, typer.Option("--assistant/--no-assistant", help="Rasa's model too.")] = None,
) -> None:
    """Train the customer models and, unless tasks are named, the assistant; print each beside its baseline."""
    console = Console()
    settings = Settings.load()
    crm = Crm(settings)
    try:
        crm.migrate()
        with _bars(console) as bars:
            results = crm.training.train(tasks or None, _Step(bars, settings.language))
        show(console, results, settings)
    finally:
        crm.close()
    if assistant or (assistant is None and not tasks):
        with console.status(bot_phrases.say(settings.language, "train-assistant")):
            path = assistant_training.train(settings)
        console.print(bot_phrases.say(settings.language, "train-assistant-done", path=str(path)), highlight=False)


def show(console: Console, results: list[TrainedModel], settings: Settings) -> None:
    """Print every figure of each model with that of its naive baseline."""
    language = settings.language
    table = Table(title=bot_phrases.say(language, "train-title"), title_justify="left")
    for name in ("task", "model", "metric", "value", "baseline", "rows"):
        numbers = name in ("value", "baseline", "rows")
        table.add_column(bot_phrases.say(language, f"train-{name}"), justify="right" if numbers else "left")
    for result in results:
        _add(table, result, language)
        table.add_section()
    console.print(table)
    console.print(bot_phrases.say(language, "train-cards", path=str(settings.models)), highlight=False, markup=False)


def _add(table: Table, result: TrainedModel, language: str) -> None:
    if result.skipped:
        table.add_row(result.task, bot_phrases.say(language, "train-skipped", why=result.skipped))
        return
    names = sorted(result.metrics, key=lambda name: (name != result.headline, name))
    for place, name in enumerate(names or [""]):
        first = place == 0
        table.add_row(
            result.task if first else "",
            result.algorithm if first else "",
            f"[bold]{name}[/]" if name == result.headline else name,
            _figure(result.metrics.get(name)),
            _figure(result.baseline.get(name)),
            f"{result.rows:,}" if first else "",
        )


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def _bars(console: Console) -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True)


class _Step:
    """Moves the bar."""

    def __init__(self, bars: Progress, language: str) -> None:
        self._bars = bars
        self._language = language
        self._task: TaskID = bars.add_task("", total=None)

    def __call__(self, done: float, total: float | None = None, what: str | None = None) -> None:
        words = bot_phrases.say(self._language, "train-working", task=what) if what else None
        self._bars.update(self._task, completed=done, total=total, description=words)
