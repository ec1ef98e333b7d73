"""`rapport knowledge`: the articles that questions are answered from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.records.knowledge import Loaded, Skipped
from crm_core.settings import Settings

app = typer.Typer(help="The articles that questions are answered from.", no_args_is_help=True)

_SHOWN = 20  # lines of what was skipped or has vanished


@app.callback()
def _knowledge() -> None:
    """The articles that questions are answered from."""


@app.command("load")
def load(
    sources: Annotated[list[Path], typer.Argument(help="Folders (Markdown, saved HTML pages) or sitemap.xml files.")],
    source: Annotated[str, typer.Option(help="The name by which the next load knows this one.")] = "files",
    prune: Annotated[bool, typer.Option("--prune", help="Remove what this source brought and no longer has.")] = False,
) -> None:
    """Take in articles; the same files again change nothing, and nothing is fetched from the network."""
    console = Console()
    settings = Settings.load()
    crm = Crm(settings)
    try:
        crm.migrate()
        show(console, crm.knowledge.bring_in(sources, source=source, prune=prune), settings.language)
    finally:
        crm.close()


def show(console: Console, loaded: Loaded, language: str) -> None:
    """Print what became of the articles."""
    say = bot_phrases.say
    table = Table(title=say(language, "articles-title"), title_justify="left", show_header=False)
    for name in ("new", "changed", "unchanged", "removed"):
        table.add_row(say(language, f"articles-{name}"), f"{getattr(loaded, name):,}")
    console.print(table)
    reasons = [_reason(each, language) for each in loaded.skipped]
    for key, lines in (("articles-skipped", reasons), ("articles-vanished", list(loaded.vanished))):
        if lines:
            console.print(say(language, key, count=str(len(lines))), highlight=False)
        for line in lines[:_SHOWN]:
            console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)
        if len(lines) > _SHOWN:
            console.print("  …")


def _reason(skipped: Skipped, language: str) -> str:
    why = bot_phrases.say(language, f"articles-why-{skipped.why.replace('_', '-')}")
    return f"{skipped.name}: {why}" + (f" ({skipped.detail})" if skipped.detail else "")
