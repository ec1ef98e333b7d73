"""`rapport import`: bring a shop's data in from a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.intake.entities import ENTITIES
from crm_core.intake.report import ImportReport
from crm_core.intake.wording import words
from crm_core.settings import Settings
from crm_core.use_cases.importing.connectors import connector

_SUMS = ("rows_read", "accepted", "rejected", "known", "repaired")


def import_(
    where: Annotated[str, typer.Argument(help="File, folder, mbox, imaps://user@host/mailbox, or a database's URL.")],
    entity: Annotated[str, typer.Option(help=f"What the rows are: {', '.join(ENTITIES)}.")],
    mapping: Annotated[Path | None, typer.Option(help="YAML file that says which column is which field.")] = None,
    source: Annotated[str, typer.Option(help="The name of the shop or system that the file comes from.")] = "import",
    query: Annotated[str, typer.Option(help="What is read of a database.")] = "",
    cursor: Annotated[str, typer.Option(help="The query's column that grows: a second run takes what is beyond.")] = "",
    suggest: Annotated[bool, typer.Option("--suggest", help="Only print a mapping to start from.")] = False,
) -> None:
    """Import customers, products, orders, feedback or browsing; the same again adds nothing."""
    console = Console()
    settings = Settings.load()
    crm = Crm(settings)
    try:
        source_of = connector(where, query, cursor, settings.imap_password.get_secret_value())
        if suggest:
            guessed = {"entity": entity, **crm.intake.suggest(source_of, entity)}
            console.print(yaml.safe_dump(guessed, allow_unicode=True, sort_keys=False), highlight=False, markup=False)
            return
        crm.migrate()
        nothing = True
        with _bar(console, Path(where).name) as step:
            for report in crm.intake.run_all(source_of, entity, mapping, source, step):
                show(console, report, settings.language)
                nothing = False
        if nothing:
            console.print(bot_phrases.say(settings.language, "import-nothing-new"))
    finally:
        crm.close()


def show(console: Console, report: ImportReport, language: str) -> None:
    """Print what an import did."""
    say = bot_phrases.say
    table = Table(title=say(language, "import-title", file=report.file, entity=report.entity), title_justify="left")
    table.add_column()
    table.add_column(justify="right")
    for name in _SUMS:
        table.add_row(say(language, f"import-{name.replace('_', '-')}"), f"{getattr(report, name):,}")
    for group, counts in report.reasons.items():
        if counts:
            table.add_section()
            table.add_row(f"[bold]{say(language, f'import-why-{group}')}[/]", "")
        for code, count in counts.most_common():
            table.add_row(f"  {words(language, group, code)}", f"{count:,}")
    made = {kind: count for kind, count in report.created.items() if count}
    if made:
        table.add_section()
        table.add_row(f"[bold]{say(language, 'import-created')}[/]", "")
    for kind, count in made.items():
        table.add_row(f"  {say(language, f'import-kind-{kind}')}", f"{count:,}")
    console.print(table)
    console.print(say(language, "import-speed", rows=f"{report.rows_per_second:,.0f}", seconds=f"{report.seconds:.1f}"))
    if report.rejects:
        console.print(say(language, "import-rejects"), str(report.rejects), soft_wrap=True, highlight=False)


@contextmanager
def _bar(console: Console, words: str) -> Iterator[_Step]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        yield _Step(bars, words)


class _Step:
    """Moves the bar."""

    def __init__(self, bars: Progress, words: str) -> None:
        self._bars = bars
        self._task = bars.add_task(words, total=None)

    def __call__(self, done: float, total: float | None = None, what: str | None = None) -> None:
        self._bars.update(self._task, completed=done, total=total)
