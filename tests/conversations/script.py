"""The format of the conversation files, read strictly: an unknown key is an error and not a forgotten check."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent
_NOT_GIVEN: Any = object()
_SAID = {True: "yes", False: "no"}  # what YAML makes of these two words


@dataclass(frozen=True)
class Who:
    """A customer of the demo shop with certain properties."""

    order: str | None = None
    also: str | None = None
    segment: str | None = None
    purchase_intent: str | None = None
    signed_in: bool = False


@dataclass(frozen=True)
class Step:
    """What the customer does, and what is expected of the answer."""

    user: str | None = None
    press: str | None = None
    bot: list[str] = field(default_factory=list)
    says: list[str] = field(default_factory=list)
    never: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    cards: int = 0
    intent: str | None = None
    actions: list[str] = field(default_factory=list)
    form: str | None = _NOT_GIVEN
    slots: dict[str, Any] = field(default_factory=dict)
    owner: str | None = None
    closed: bool | None = None

    @property
    def expects_form(self) -> bool:
        """Tell whether anything was said about the form, be it that there is none."""
        return self.form is not _NOT_GIVEN


@dataclass(frozen=True)
class Script:
    """One conversation of one file."""

    id: str
    language: str
    who: Who | None
    steps: list[Step]


def read_all(folder: Path = FOLDER) -> list[Script]:
    """Read every conversation below a folder."""
    return [script for path in sorted(folder.glob("*/test_*.yml")) for script in read(path, folder)]


def read(path: Path, folder: Path = FOLDER) -> list[Script]:
    """Read the conversations of one file.

    Raises:
        ValueError: The file has a key or a shape that the format does not know.
    """
    content = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return [_script(item, content, path.relative_to(folder)) for item in content["conversations"]]


def _script(item: dict[str, Any], content: dict[str, Any], place: Path) -> Script:
    known = {"name", "language", "who", "steps"}
    if item.keys() - known:
        raise ValueError(f"{place}: {item.get('name')}: unknown keys {sorted(item.keys() - known)}")
    try:
        who = Who(**item["who"]) if item.get("who") else None
        steps = [_step(step) for step in item["steps"]]
    except (TypeError, ValueError) as error:
        raise ValueError(f"{place}: {item.get('name')}: {error}") from error
    language = item.get("language") or content.get("language", "en")
    return Script(f"{place.parent}/{place.stem}: {item['name']}", language, who, steps)


def _step(step: dict[str, Any]) -> Step:
    lists = {"bot", "says", "never", "buttons", "actions"}
    plain = {key: _SAID[value] if key == "user" and value in (True, False) else value for key, value in step.items()}
    made = Step(**{key: [value] if key in lists and isinstance(value, str) else value for key, value in plain.items()})
    if (made.user is None) == (made.press is None):
        raise ValueError(f"a step has either `user` or `press`: {step}")
    return made
