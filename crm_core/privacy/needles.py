"""What to look for when it is checked that nothing of a person is left: their plain values and their ids."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import phonenumbers

from crm_core.privacy.personal_data import find_personal_data
from crm_core.records.personal_data import Kind

SAID = frozenset({"message", "told"})
"""Kinds of needles that come from what the person wrote; public texts may hold the same words."""

_FREE_TEXT = {  # kinds of data → the fields whose whole text is looked for
    "notes": ("text",),
    "ratings": ("comment",),
    "feedback": ("text",),
    "attachments": ("name",),
    "tickets": ("contact",),
    "orders": ("address", "tracking_number"),
    "order_requests": ("detail",),
    "profile": ("name", "address", "attributes"),
}
_SHORTEST = 12  # letters of a free text that is nobody else's by chance
_ORDINARY = 40  # letters of a message in which nothing personal is found
_TOLD = frozenset(Kind) - {Kind.NAME}  # "Brown" is a colour, too
_SHORTEST_OF = {  # letters where fewer tell enough; a Han character counts as three
    **dict.fromkeys(("email", "phone", "index", "visitor", "customer_number"), 5),
    **dict.fromkeys(("name", "contact", "tracking_number", "told"), 5),
}
_LONG_NUMBER = 7  # digits
_BETWEEN = r"[\s().\-/]{0,2}"
_HAN = 0x2E80
_AT_MOST = 5000  # texts that are looked for, the longest first


@dataclass(frozen=True)
class Needles:
    """Values of one person by what they are; looked for without regard to case.

    Args:
        values: What it is → the values.
        ids: The person's own ids and those of their conversations.
    """

    values: Mapping[str, frozenset[str]]
    ids: frozenset[str]

    def patterns(self, *, ids: bool) -> Iterator[tuple[str, re.Pattern[str]]]:
        """Give for each kind what it looks like in text; `ids`: with the ids, which may stay in the tables."""
        for what, values in self.values.items():
            if values:
                yield what, re.compile("|".join(sorted(map(_shape, values), key=len, reverse=True)), re.IGNORECASE)
        if ids and self.ids:
            yield "id", re.compile("|".join(map(re.escape, sorted(self.ids))), re.IGNORECASE)

    def in_bytes(self, *, ids: bool) -> list[tuple[str, re.Pattern[bytes]]]:
        """Give the same for files: UTF-8, and the escapes by which JSON spells other letters."""
        found = []
        for what, pattern in self.patterns(ids=ids):
            shape = pattern.pattern
            escaped = "".join(c if ord(c) < 128 else rf"\\u{ord(c):04x}" for c in shape)
            both = shape.encode() if shape.isascii() else shape.encode() + b"|" + escaped.encode()
            found.append((what, re.compile(both, re.IGNORECASE)))
        return found

    def in_text(self, text: str, *, said: bool = True) -> Counter[str]:
        """Count what of the person stands in a text; `said`: what they wrote as well."""
        found: Counter[str] = Counter()
        for what, shape in self._compiled:
            if (said or what not in SAID) and (hits := shape.findall(text)):
                found[what] = len(hits)
        return found

    @cached_property
    def _compiled(self) -> list[tuple[str, re.Pattern[str]]]:
        return list(self.patterns(ids=False))


def needles_of(known: Mapping[str, list[dict[str, Any]]], indexes: Iterable[str], ids: Iterable[str]) -> Needles:
    """Make what to look for of what is known of a person.

    Args:
        known: All of it, opened: kind of data → rows.
        indexes: The blind indexes of their identities.
        ids: Their ids, and those of their conversations.
    """
    values: dict[str, set[str]] = {"index": set(indexes)}
    for row in known.get("identities", ()):
        values.setdefault(str(row["kind"]), set()).add(str(row["value"]))
    for part, fields in _FREE_TEXT.items():
        for row in known.get(part, ()):
            for name in fields:
                values.setdefault(name, set()).update(_texts(row.get(name)))
    for row in known.get("messages", ()):
        if row.get("author") == "customer":
            for text in _texts(row.get("body")):
                told = [text[found.start : found.end] for found in find_personal_data(text, _TOLD)]
                values.setdefault("told", set()).update(told)
                if told or _weight(text) >= _ORDINARY:
                    values.setdefault("message", set()).add(text)
    kept = {what: _telling(each, _SHORTEST_OF.get(what, _SHORTEST)) for what, each in values.items()}
    return Needles({what: each for what, each in kept.items() if each}, frozenset(ids))


def _texts(value: Any) -> Iterator[str]:
    """Give every text in a value, however deep."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


def _telling(values: Iterable[str], shortest: int) -> frozenset[str]:
    return frozenset(sorted((value for value in values if _weight(value) >= shortest), key=len)[-_AT_MOST:])


def _weight(text: str) -> int:
    return sum(3 if ord(letter) >= _HAN else 1 for letter in text)


def _shape(value: str) -> str:
    """Give a regular expression for a value as it may be written; never inside a longer word or number."""
    if value.startswith("+") and value[1:].isdigit():
        national = str(phonenumbers.parse(value).national_number)
        return rf"(?<!\d){_BETWEEN.join(national)}(?!\d)" if len(national) > 7 else re.escape(value)
    if value.isdigit() and len(value) < _LONG_NUMBER:
        return rf"(?:(?<=[\"',;\t\n])|^){value}(?=[\"',;\t\r\n]|$)"  # alone in its cell: other numbers are as short
    escaped = re.escape(json.dumps(value, ensure_ascii=False)[1:-1] if "\n" in value else value)
    return rf"(?<![A-Za-z0-9]){escaped}(?![A-Za-z0-9])"
