"""`rapport backup` and `rapport restore`: all that an installation holds, in one file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings


def backup(
    file: Annotated[Path, typer.Argument(help="Where it goes.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Write database and attachments into one file; the keys are not in it."""
    with _opened() as crm, _bar() as step:
        made = crm.backups.make(file, actor=SYSTEM, replace=force, progress=step)
    _say(crm.settings, "backup-made", file=str(file), rows=sum(made.rows.values()), attachments=made.attachments)
    _say(crm.settings, "backup-keys", file=str(crm.settings.secrets_file))


def restore(file: Annotated[Path, typer.Argument(help="A file that `rapport backup` wrote.")]) -> None:
    """Fill an empty installation from a backup, on SQLite or PostgreSQL, whichever it came from."""
    with _opened() as crm, _bar() as step:
        found = crm.backups.restore(file, actor=SYSTEM, progress=step)
    values = {"rows": sum(found.rows.values()), "attachments": found.attachments}
    _say(crm.settings, "backup-restored", moment=f"{found.made_at:.16}", **values)


@contextmanager
def _opened() -> Iterator[Crm]:
    crm = Crm(Settings.load())
    try:
        yield crm
    finally:
        crm.close()


@contextmanager
def _bar() -> Iterator[Callable[[int, int], None]]:
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _say(settings: Settings, phrase: str, **values: str | int) -> None:
    said = bot_phrases.say(settings.language, phrase, **values)
    Console().print(said, highlight=False, markup=False, soft_wrap=True)
