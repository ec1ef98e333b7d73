"""Reads and checks each YAML text once; a training of stock Rasa reads the domain and the examples four to eight times.

Rasa's YAML reader is pure Python, and what it makes of a text is asked for by the check of the files, by the importer
of each part of the graph and by the fingerprints. Who asks again gets a copy of its own.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import wraps
from typing import Any

from rasa.shared.utils import io, validation

_FROM_ENVIRONMENT = ("${", "!env_var")  # a text with these means something else once a variable has changed
_USUAL = "safe"


def read_once(read: Callable[[str, Any], Any]) -> Callable[..., Any]:
    """Return a reader that remembers what it made of a text; only plain values, as the usual reader makes them."""
    made: dict[str, bytes] = {}

    @wraps(read)
    def once(content: str, reader_type: Any = _USUAL) -> Any:
        if reader_type != _USUAL or any(mark in content for mark in _FROM_ENVIRONMENT):
            return read(content, reader_type)
        if content not in made:
            made[content] = pickle.dumps(read(content, reader_type))
        return pickle.loads(made[content])  # noqa: S301 - what was pickled in this process

    return once


def check_once(check: Callable[..., None]) -> Callable[..., None]:
    """Return a check that lets pass what it has let pass before; what it refuses is checked, and refused, each time."""
    passed: set[tuple[Any, ...]] = set()

    @wraps(check)
    def once(yaml_file_content: str, *schema: str, **named: str) -> None:
        asked = yaml_file_content, *schema, *sorted(named.items())
        if asked not in passed:
            check(yaml_file_content, *schema, **named)
            passed.add(asked)

    return once


def install() -> None:
    """Put both into Rasa; for a training, since what is remembered stays as long as the process."""
    io.read_yaml = read_once(io.read_yaml)
    validation.validate_yaml_schema = check_once(validation.validate_yaml_schema)
