"""`rapport migrate`: bring the database to another version of its tables, forwards or back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.settings import Settings

app = typer.Typer(help="The versions of the database's tables.", no_args_is_help=True)


@app.command()
def up(to: Annotated[str, typer.Option(help="The version to stop at, like 0007; the newest by default.")] = "") -> None:
    """Bring the database forwards; `rapport up` and every other command do so by themselves."""
    with _opened() as crm:
        before = crm.schema.current()
        crm.schema.up(to or None)
        _tell(crm, before)


@app.command()
def down(
    to: Annotated[str, typer.Option(help="The version to go back to, like 0007.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take the database back for an earlier program; what only later versions can hold is lost."""
    with _opened() as crm:
        before = crm.schema.current()
        if not yes and not typer.confirm(bot_phrases.say(crm.settings.language, "migrate-sure", version=to)):
            raise typer.Exit(1)
        crm.schema.down(to)
        _tell(crm, before)


@contextmanager
def _opened() -> Iterator[Crm]:
    crm = Crm(Settings.load())
    try:
        yield crm
    finally:
        crm.close()


def _tell(crm: Crm, before: str | None) -> None:
    after = crm.schema.current()
    phrase = "migrate-same" if after == before else "migrate-done"
    said = bot_phrases.say(crm.settings.language, phrase, version=after or "-", before=before or "-")
    Console().print(said, highlight=False, markup=False)
