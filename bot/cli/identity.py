"""`rapport identity`: which records are one customer, why, and how to take that back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.cli.privacy import Who
from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.records.merges import Merge
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings

app = typer.Typer(help="Which records are one customer, and why.", no_args_is_help=True)

Pair = Annotated[str, typer.Argument(help="The id of a pair, as `doubtful` and `show` print it.")]


@app.command()
def run() -> None:
    """Find the records of one person in the whole database and join them; safe to repeat."""
    settings = Settings.load()
    with _opened(settings) as crm, Progress(console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task(bot_phrases.say(settings.language, "identity-reading"), total=None)

        def step(done: float, total: float | None = None, what: str | None = None) -> None:
            bars.update(task, completed=done, total=total)

        done = crm.merges.run(step, actor=SYSTEM)
    _say(settings, "identity-done", records=done.records, merged=done.merged, doubtful=done.doubtful)


@app.command()
def doubtful(limit: Annotated[int, typer.Option(help="At most so many.")] = 20) -> None:
    """List the pairs that may be one person and wait for your word: `join` or `apart`."""
    settings = Settings.load()
    with _opened(settings) as crm:
        _show(settings, crm.merges.doubtful(limit))


@app.command()
def show(who: Who) -> None:
    """Show which records are one customer, with the evidence of each pair, and where each value comes from."""
    settings = Settings.load()
    with _opened(settings) as crm:
        customer_id = crm.privacy.person(who)
        _show(settings, crm.merges.of(customer_id))
        chosen = crm.merges.golden(customer_id, actor=SYSTEM)
    table = Table()
    for column in ("field", "value", "source", "since", "rule"):
        table.add_column(bot_phrases.say(settings.language, f"identity-{column}"))
    for one in chosen:
        rule = bot_phrases.say(settings.language, f"identity-rule-{one.rule}")
        field = bot_phrases.say(settings.language, f"identity-field-{one.field.replace('_', '-')}")
        table.add_row(field, str(one.value), one.source, f"{one.at:%Y-%m-%d}", rule)
    Console().print(table)


@app.command()
def join(pair: Pair) -> None:
    """Say that a pair is one person."""
    settings = Settings.load()
    with _opened(settings) as crm:
        there = crm.merges.get(pair)
        crm.merges.join(there.left, there.right, actor=SYSTEM)
    _say(settings, "identity-joined")


@app.command()
def apart(pair: Pair) -> None:
    """Say that a doubtful pair is two people; they are not proposed again."""
    settings = Settings.load()
    with _opened(settings) as crm:
        crm.merges.reject(pair, actor=SYSTEM)
    _say(settings, "identity-kept-apart")


@app.command()
def undo(pair: Pair) -> None:
    """Take a merge back: each record has again what it had, and they are not joined again."""
    settings = Settings.load()
    with _opened(settings) as crm:
        crm.merges.undo(pair, actor=SYSTEM)
    _say(settings, "identity-undone")


def _show(settings: Settings, pairs: list[Merge]) -> None:
    say, language = bot_phrases.say, settings.language
    if not pairs:
        _say(settings, "identity-none")
        return
    table = Table()
    for column in ("pair", "records", "state", "weight", "evidence"):
        table.add_column(say(language, f"identity-{column}"))
    for one in pairs:
        evidence = "\n".join(
            f"{say(language, f'identity-field-{each.field}')}: {each.level} ({each.bits:+.1f})"
            for each in one.evidence
            if each.bits
        )
        state = say(language, f"identity-state-{one.state}")
        table.add_row(one.id, f"{one.left}\n{one.right}", state, f"{one.weight:+.1f}", evidence)
    Console().print(table)


@contextmanager
def _opened(settings: Settings) -> Iterator[Crm]:
    crm = Crm(settings)
    try:
        crm.migrate()
        yield crm
    finally:
        crm.close()


def _say(settings: Settings, phrase: str, **values: str | int) -> None:
    said = bot_phrases.say(settings.language, phrase, **values)
    Console().print(said, highlight=False, markup=False, soft_wrap=True)
