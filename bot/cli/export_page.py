"""What is known of a person as a page to read, and as a bundle with the files that they sent."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, Any

from jinja2 import Environment, FileSystemLoader, Template

from bot.phrases import bot_phrases

Known = dict[str, list[dict[str, Any]]]
FORMS = (".json", ".html", ".zip")


def as_json(known: Known | dict[str, Any]) -> str:
    """Give it for programs."""
    return json.dumps(known, ensure_ascii=False, indent=2, default=str)


def as_page(known: Known, language: str, day: date) -> str:
    """Give it for people: a page that needs nothing else.

    Args:
        known: Kind of data → rows.
        language: Of the headings.
        day: When it was taken.
    """

    def say(key: str, **values: Any) -> str:
        return bot_phrases.say(language, key, **values)

    def row(given: dict[str, Any]) -> list[tuple[str, str]]:
        return [(name.replace("_", " "), _plain(value)) for name, value in given.items() if value not in ({}, [], "")]

    parts = [
        {"key": name, "name": say(f"export-{name.replace('_', '-')}"), "rows": [row(each) for each in rows]}
        for name, rows in known.items()
    ]
    return _template().render(parts=parts, say=say, day=day, language=language)


def as_bundle(target: IO[bytes], known: Known, files: Iterable[tuple[str, bytes]], language: str, day: date) -> None:
    """Write both, and the files that the person sent, into one archive."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("data.json", as_json(known))
        bundle.writestr("data.html", as_page(known, language, day))
        for name, content in files:
            bundle.writestr(f"files/{name.replace('/', '_')}", content)


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name}: {_plain(part)}" for name, part in value.items() if part not in ({}, [], None))
    if isinstance(value, list):
        return "\n".join(_plain(part) for part in value)
    return str(value)


@cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    return Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True).get_template("export.html")
