"""`rapport keys`: whether the keys are the database's, and a new master key in the place of the old one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import Progress

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings, replace_master_key

app = typer.Typer(help="The keys that seal personal values.", no_args_is_help=True)


@app.command()
def check() -> None:
    """Tell whether the keys at hand are those that the database was written with."""
    settings = Settings.load()
    with _opened(settings):
        _say(settings, "keys-right")


@app.command()
def rotate() -> None:
    """Put a fresh master key in the place of the present one; no customer's row is touched."""
    settings = Settings.load()
    with _opened(settings) as crm:  # were the present key wrong, nothing may be changed
        begun = not crm.keys.present()
    if begun or (settings.key_from_environment and len(settings.master_keys) > 1):
        _say(settings, "keys-going-on")
    else:
        settings = replace_master_key(settings)
    with _opened(settings) as crm, Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")
        done = crm.keys.rotate(
            actor=SYSTEM, progress=lambda done, total: bar.update(task, completed=done, total=max(total, done))
        )
    _say(settings, "keys-rotated", keys=done.keys, rewrapped=done.rewrapped)
    _say(settings, "keys-keep-before", file=str(settings.secrets_file))


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
