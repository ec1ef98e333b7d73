"""Proposes a mapping for a source by the names of its columns and by what stands in them, for a person to look over."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from crm_core.errors import InvalidInput
from crm_core.intake.cleaning import Unusable, cleaner, is_nothing
from crm_core.intake.entities import Entity, Field, Kind
from crm_core.intake.mapping import Column, Mapping, likeness

_LIKELY = 80  # likeness of names from which a column is proposed, if its values do not speak against it
_FITS = 0.9  # share of values that fit, from which they speak for a column on their own
_SPEAKS_AGAINST = 0.5  # share below which they speak against it
_SAMPLE = 500  # values looked at of each column
_TELLING = (Kind.EMAIL, Kind.COUNTRY, Kind.CURRENCY)  # what hardly anything else looks like
_PHONE = re.compile(r"\+\d[\d ()./-]{6,}|1[3-9]\d[ -]?\d{4}[ -]?\d{4}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}")
_COMMA = re.compile(r"\D*(\d{1,3}(\.\d{3})+|\d+),\d{1,2}\D*")
_POINT = re.compile(r"\D*(\d{1,3}(,\d{3})+|\d+)\.\d{1,2}\D*")
_DAYS = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%Y年%m月%d日", "%Y.%m.%d", "%d %b %Y", "%b %d, %Y", "%Y%m%d")
_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p")
Values = Sequence[Any]


def suggest(entity: Entity, columns: dict[str, Values]) -> dict[str, Any]:
    """Propose a mapping.

    Args:
        entity: What the rows are.
        columns: The source's column → some of its values.

    Returns:
        What a mapping file holds: `columns`, and where they are needed `dates` and `money`.
    """
    samples = {name: [value for value in values if not is_nothing(value)][:_SAMPLE] for name, values in columns.items()}
    decimal = _decimal(samples)
    formats = {name: ways for name, values in samples.items() if (ways := _formats(values)) is not None}
    scored = []
    for field in entity.fields.values():
        for at, (name, values) in enumerate(samples.items()):
            mapping = Mapping(date_formats=tuple(formats.get(name, ())), decimal=decimal)
            score = _score(field, mapping, name, values, dated=name in formats)
            if score:
                scored.append((score, -at, field.name, name))
    found: dict[str, str] = {}
    for _, _, field_name, name in sorted(scored, reverse=True):
        if field_name not in found and name not in found.values():
            found[field_name] = name
    proposed: dict[str, Any] = {"columns": {name: found[name] for name in entity.fields if name in found}}
    used = [found[name] for name, field in entity.fields.items() if field.kind is Kind.MOMENT and name in found]
    needed = list(dict.fromkeys(one for name in used for one in formats.get(name, ())))
    if needed:
        proposed["dates"] = {"formats": needed}
    if decimal != ".":
        proposed["money"] = {"decimal": decimal}
    return proposed


def _score(field: Field, mapping: Mapping, name: str, values: Values, *, dated: bool) -> float:
    """Give how well a column is a field: 0 where it is not, above 1 where name and values speak for it."""
    named = likeness(field.name, name) / 100
    if not values:
        return named if named * 100 >= _LIKELY else 0.0
    if field.kind is Kind.MOMENT and not dated:
        return 0.0
    fits = _share(field, mapping, name, values)
    if fits < _SPEAKS_AGAINST:
        return 0.0
    telling = field.kind in _TELLING or (field.kind is Kind.PHONE and _look_like_phones(values)) or bool(field.choices)
    if named * 100 >= _LIKELY:
        return named + fits
    return 0.5 * named + 0.5 * fits if telling and fits >= _FITS else 0.0


def _share(field: Field, mapping: Mapping, name: str, values: Values) -> float:
    clean = cleaner(field, mapping, Column(name))
    good = 0
    for value in values:
        try:
            good += clean(value)[0] is not None
        except (Unusable, InvalidInput):
            continue
    return good / len(values)


def _look_like_phones(values: Values) -> bool:
    return sum(bool(_PHONE.fullmatch(str(value).strip())) for value in values) >= _FITS * len(values)


def _formats(values: Values) -> list[str] | None:
    """Give the formats in which all values are moments (none for ISO 8601), or None where they are not moments."""
    texts = [value for value in values if isinstance(value, str)]
    if not values or any(isinstance(value, int | float) for value in values):
        return None
    if all(_is_iso(text) for text in texts):
        return []
    return next(
        ([day + time] for day in _DAYS for time in _TIMES if all(_is(text, day + time) for text in texts)), None
    )


def _is_iso(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip().replace("/", "-"))
    except ValueError:
        return False
    return len(text.strip()) >= len("2026-1-1")


def _is(text: str, known: str) -> bool:
    try:
        datetime.strptime(text.strip(), known)
    except ValueError:
        return False
    return True


def _decimal(samples: dict[str, list[Any]]) -> str:
    texts = [value for values in samples.values() for value in values if isinstance(value, str)]
    commas = sum(bool(_COMMA.fullmatch(text.strip())) for text in texts)
    return "," if commas > sum(bool(_POINT.fullmatch(text.strip())) for text in texts) else "."
