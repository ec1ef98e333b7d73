"""`rapport score`: give every customer a segment and a purchase intent."""

from __future__ import annotations

import time

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.settings import Settings


def score() -> None:
    """Score all customers with the live models, batch by batch."""
    console = Console()
    settings = Settings.load()
    crm = Crm(settings)
    started = time.perf_counter()
    try:
        crm.migrate()
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bars:
            task = bars.add_task(bot_phrases.say(settings.language, "score-working"), total=None)

            def step(done: float, total: float | None = None, what: str | None = None) -> None:
                bars.update(task, completed=done, total=total)

            counts = crm.scores.score_all(step)
    finally:
        crm.close()
    show(console, counts, time.perf_counter() - started, settings.language)


def show(console: Console, counts: dict[str, int], seconds: float, language: str) -> None:
    """Print how many customers each task scored."""
    say = bot_phrases.say
    table = Table(title=say(language, "score-title"), title_justify="left")
    table.add_column(say(language, "score-task"))
    table.add_column(say(language, "score-customers"), justify="right")
    for task, count in counts.items():
        table.add_row(task, f"{count:,}")
    console.print(table)
    most = max(counts.values(), default=0)
    console.print(say(language, "score-done", customers=f"{most:,}", seconds=f"{seconds:.1f}"), highlight=False)
