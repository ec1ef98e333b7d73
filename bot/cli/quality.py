"""`rapport quality`: how good the imported data is, what was done to it, and taking that back."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from jinja2 import Environment, FileSystemLoader
from rich.console import Console
from rich.table import Table

from bot.phrases import bot_phrases
from crm_core.crm import Crm
from crm_core.errors import InvalidInput
from crm_core.intake.wording import issue_words
from crm_core.records.people import SYSTEM
from crm_core.records.quality import FieldQuality, LoggedIssue, SourceQuality
from crm_core.settings import Settings

_ACTIONS = ("repaired", "dropped", "rejected", "flagged")
_TEMPLATES = Path(__file__).parent
_SHOWN = 50


def quality(
    plot: Annotated[Path | None, typer.Option(help="Also draw it into this HTML file.")] = None,
    issues: Annotated[bool, typer.Option("--issues", help="List what was done, newest first.")] = False,
    source: Annotated[str, typer.Option(help="Only what came from this source.")] = "",
    field: Annotated[str, typer.Option(help="Only this field.")] = "",
    action: Annotated[str, typer.Option(help=f"Only what was {', '.join(_ACTIONS)}.")] = "",
    limit: Annotated[int, typer.Option(help="At most so many lines.", min=1)] = _SHOWN,
    unmask: Annotated[bool, typer.Option("--unmask", help="Show personal values; the access log notes it.")] = False,
    undo: Annotated[str, typer.Option(help="Take back the line with this id.")] = "",
) -> None:
    """Show how good the imported data is, by source and field; list or take back what was done to it."""
    settings = Settings.load()
    crm = Crm(settings)
    console = Console()
    try:
        crm.migrate()
        if undo:
            crm.quality.undo(undo)
            console.print(bot_phrases.say(settings.language, "quality-undone"))
        elif issues:
            wanted = _wanted(source=source, field=field, action=action)
            found = crm.quality.issues(limit, actor=SYSTEM if unmask else None, **wanted)
            console.print(_issue_table(found, settings.language))
        else:
            _show(console, crm, settings.language, plot)
    finally:
        crm.close()


def _wanted(**given: str) -> dict[str, str]:
    if given["action"] and given["action"] not in _ACTIONS:
        raise InvalidInput("action", given["action"], f"is not one of {', '.join(_ACTIONS)}")
    return {name: value for name, value in given.items() if value}


def _show(console: Console, crm: Crm, language: str, plot: Path | None) -> None:
    fields, sources = crm.quality.fields(), crm.quality.sources()
    console.print(_source_table(sources, language))
    console.print(_field_table(fields, language))
    if plot is not None:
        plot.write_text(page(fields, sources, language), "utf-8")
        console.print(bot_phrases.say(language, "quality-drawn"), str(plot), soft_wrap=True, highlight=False)


def page(fields: list[FieldQuality], sources: list[SourceQuality], language: str) -> str:
    """Draw the figures as one HTML page with its charts inside, to be looked at without a network."""
    templates = Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True)
    say = partial(bot_phrases.say, language)
    names = [(action, say(f"quality-{action}")) for action in _ACTIONS]
    return templates.get_template("quality.html.j2").render(
        language=language,
        say=say,
        groups=_groups(fields),
        sources=sources,
        actions=_ACTIONS,
        names=names,
        share=_share,
    )


def _groups(fields: list[FieldQuality]) -> list[tuple[str, str, list[FieldQuality], int]]:
    """Give by source and entity its fields and the largest number of values of one field that were touched."""
    found: dict[tuple[str, str], list[FieldQuality]] = {}
    for one in fields:
        found.setdefault((one.source, one.entity), []).append(one)
    return [(*of, own, max(sum(one.actions.values()) for one in own)) for of, own in found.items()]


def _source_table(sources: list[SourceQuality], language: str) -> Table:
    say = partial(bot_phrases.say, language)
    table = Table(title=say("quality-sources"), title_justify="left")
    for name in ("source", "entity"):
        table.add_column(say(f"quality-{name}"))
    numbers = ("imports", "rows", "accepted", "rejected", "repaired", "duplicates")
    for name in numbers:
        table.add_column(say(f"quality-{name}"), justify="right")
    for one in sources:
        table.add_row(one.source, one.entity, *(f"{getattr(one, name):,}" for name in numbers))
    return table


def _field_table(fields: list[FieldQuality], language: str) -> Table:
    say = partial(bot_phrases.say, language)
    table = Table(title=say("quality-fields"), title_justify="left")
    for name in ("source", "entity", "field"):
        table.add_column(say(f"quality-{name}"))
    for name in ("missing-before", "missing-after", *_ACTIONS):
        table.add_column(say(f"quality-{name}"), justify="right")
    for one in fields:
        counts = (f"{one.actions.get(action, 0):,}" for action in _ACTIONS)
        before, after = _share(one.missing_before, one.rows), _share(one.missing_after, one.kept)
        table.add_row(one.source, one.entity, one.field, f"{before:.1f} %", f"{after:.1f} %", *counts)
    return table


def _issue_table(found: list[LoggedIssue], language: str) -> Table:
    say = partial(bot_phrases.say, language)
    table = Table()
    for name in ("id", "source", "place", "field", "what", "before", "after"):
        table.add_column(say(f"quality-{name}"), overflow="fold")
    for one in found:
        done = say("quality-taken-back") if one.undone_at else say(f"quality-{one.action}")
        what = f"{done}: {issue_words(language, one.check)}"
        values = ("" if value is None else value for value in (one.before, one.after))
        table.add_row(one.id, one.source, f"{one.file}:{one.line}", one.field, what, *values)
    return table


def _share(part: int, whole: int) -> float:
    """Give a part of a whole in percent."""
    return 100 * part / whole if whole else 0.0
