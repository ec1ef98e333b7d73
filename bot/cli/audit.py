"""`rapport audit`: whether the log of who saw which personal values is whole, and who saw those of one person."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.errors import SettingsInvalid
from crm_core.privacy.chain import Anchor
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings

app = typer.Typer(help="The log of who saw or changed personal values.", no_args_is_help=True)

_ANCHOR = "access_log_end.json"

AnchorFile = Annotated[
    Path | None,
    typer.Option("--anchor", help="Where the end of the log is kept from check to check; best on another machine."),
]


@app.command()
def verify(anchor: AnchorFile = None) -> None:
    """Check the whole chain: changed, deleted and cut-off entries are found, and the first one is named."""
    settings = Settings.load()
    file = anchor or settings.home / _ANCHOR
    crm = Crm(settings)
    try:
        crm.migrate()
        found = crm.staff.verify_access_log(_read(file))
    finally:
        crm.close()
    if not found.intact:
        _say(settings, f"audit-{(found.why or 'changed').replace('_', '-')}", id=found.broken_id or 0)
        raise typer.Exit(1)
    if found.end is not None:
        _write(file, found.end)
    _say(settings, "audit-intact", entries=found.entries, hash=found.last_hash)


@app.command()
def show(
    who: Annotated[
        str, typer.Argument(help="Any identity of a customer, or the id of an agent; nothing for all.")
    ] = "",
    limit: Annotated[int, typer.Option(help="How many entries, the newest first.")] = 50,
) -> None:
    """Show who saw or changed what, of one person or of all."""
    settings = Settings.load()
    crm = Crm(settings)
    try:
        crm.migrate()
        staff = {agent.id: agent.name for agent in crm.staff.list()}
        subject = who if not who or who in staff else crm.privacy.person(who)
        entries = crm.staff.accesses(subject or None, actor=SYSTEM, limit=limit)
    finally:
        crm.close()
    table = Table()
    for column in ("at", "actor", "role", "action", "subject", "fields"):
        table.add_column(bot_phrases.say(settings.language, f"audit-{column}"))
    for entry in entries:
        actor = staff.get(entry.actor, entry.actor)
        fields = ", ".join(entry.fields)
        table.add_row(f"{entry.at:%Y-%m-%d %H:%M:%S}", actor, entry.role, entry.action, entry.subject, fields)
    Console().print(table)


def _read(file: Path) -> Anchor | None:
    if not file.exists():
        return None
    try:
        kept = json.loads(file.read_text("utf-8"))
        return Anchor(int(kept["id"]), str(kept["hash"]))
    except (ValueError, KeyError, TypeError) as error:
        raise SettingsInvalid(f"{file} is not an end of the access log: {error}") from error


def _write(file: Path, end: Anchor) -> None:
    part = file.with_name(f".{file.name}.new")
    with open(part, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as target:
        json.dump({"id": end.id, "hash": end.hash}, target)
    part.replace(file)


def _say(settings: Settings, phrase: str, **values: str | int) -> None:
    said = bot_phrases.say(settings.language, phrase, **values)
    Console().print(said, highlight=False, markup=False, soft_wrap=True)
