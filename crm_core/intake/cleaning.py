"""Cleaning one value at a time; each distinct value of a column is cleaned once.

A cleaner gives the clean value and whether it had to mend something, or raises `Unusable` with the code of what is
wrong. White space around a value is not worth a word.
"""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from crm_core.errors import InvalidInput
from crm_core.intake.countries import country_code
from crm_core.intake.entities import Field, Kind
from crm_core.intake.mapping import Column, Mapping
from crm_core.privacy.identifiers import normalise_email, normalise_phone

Cleaned = tuple[Any, bool]
Cleaner = Callable[[Any], Cleaned]
Array = np.ndarray[Any, np.dtype[Any]]

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200c\u200e\u200f\ufeff]")
_SPACE = re.compile(r"\s+")
_NOTHING = {"", "nan", "none", "null", "n/a", "na", "-", "#n/a", "nat"}
_FULL_WIDTH = {full: full - 0xFEE0 for full in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_CURRENCY = re.compile(r"[A-Z]{3}")
_MONEY_SIGNS = re.compile(r"[\s$€£¥￥元]|USD|EUR|GBP|CNY|RMB", re.IGNORECASE)
_PLAIN_MONEY = re.compile(r"([0-9]{1,15})\.([0-9]{2})")
_FLAGS = {"1": True, "true": True, "yes": True, "y": True, "是": True} | {
    "0": False, "false": False, "no": False, "n": False, "否": False}  # fmt: skip
_FIRST_DAY = datetime(1970, 1, 2, tzinfo=UTC)
_LAST_DAY = datetime(2200, 1, 1, tzinfo=UTC)


class Unusable(ValueError):
    """A value cannot be used; the message is the code of the reason."""


@dataclass(frozen=True)
class CleanColumn:
    """A column after cleaning.

    Attributes:
        values: The clean values; None where there is none.
        mended: True where something was mended.
        problems: The reason's code where the value is unusable, else None.
    """

    values: Array
    mended: Array
    problems: Array


def clean_column(raw: Array, clean: Cleaner) -> CleanColumn:
    """Clean a column, each distinct value once."""
    codes, distinct = pd.factorize(raw, use_na_sentinel=True)
    values = np.full(len(distinct) + 1, None, dtype=object)
    problems = np.full(len(distinct) + 1, None, dtype=object)
    mended = np.zeros(len(distinct) + 1, dtype=bool)
    for at, value in enumerate(distinct):
        try:
            values[at], mended[at] = clean(value)
        except Unusable as problem:
            problems[at] = str(problem)
    return CleanColumn(values[codes], mended[codes], problems[codes])  # code -1, a missing value, is the last


def cleaner(field: Field, mapping: Mapping, column: Column | None) -> Cleaner:
    """Give the cleaner of a field under a mapping."""
    values = column.values if column else {}
    make = _MAKERS[field.kind]
    clean = make(field, mapping, column)

    def whole(value: Any) -> Cleaned:
        if is_nothing(value):
            return None, False
        if values:
            value = values.get(str(value).strip(), value)
        return clean(value)

    return whole


def constant(field: Field, mapping: Mapping, value: str) -> Any:
    """Clean a mapping's constant.

    Raises:
        InvalidInput: It cannot be used.
    """
    try:
        return cleaner(field, mapping, None)(value)[0]
    except Unusable as problem:
        raise InvalidInput(f"mapping.constants.{field.name}", value, f"cannot be used ({problem})") from problem


def tidy(value: Any) -> tuple[str, bool]:
    """Give a text without control characters and doubled white space; Chinese punctuation stays as it is."""
    text = _plain(value)
    if _is_tidy(text):
        return text, False
    tidied = unicodedata.normalize("NFC", _CONTROL.sub("", text)).translate(_FULL_WIDTH)
    tidied = _SPACE.sub(" ", tidied).strip()
    return tidied, tidied != text


def folded(value: Any) -> str:
    """Give an identifier or a code in its one spelling (NFKC)."""
    text = _plain(value)
    if _is_tidy(text):
        return text
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", _CONTROL.sub("", text))).strip()


def _is_tidy(text: str) -> bool:
    """Tell whether a trimmed text is as most are: nothing in it can be written in another way."""
    return text.isascii() and text.isprintable() and "  " not in text


def _plain(value: Any) -> str:
    """Give a value as text; a whole number without the `.0` that a spreadsheet gives it."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def is_nothing(value: Any) -> bool:
    """Tell whether a value is one of the many ways in which sources say that there is none."""
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return True
    return isinstance(value, str) and value.strip().lower() in _NOTHING


def _text(field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    most = field.most or 10_000

    def clean(value: Any) -> Cleaned:
        text, mended = tidy(value)
        if len(text) > most:
            if field.required:
                raise Unusable("too_long")
            return text[:most], True
        return text or None, mended

    return clean


def _code(field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        code = folded(value)
        if len(code) > (field.most or len(code)):
            raise Unusable("too_long")
        return code or None, False

    return clean


def _word(field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        word = folded(value).lower()
        if field.choices and word not in field.choices:
            raise Unusable("not_a_choice")
        if len(word) > (field.most or len(word)):
            raise Unusable("too_long")
        return word, False

    return clean


def _email(_field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        text = str(value).strip().strip("<>;,").removeprefix("mailto:")
        try:
            return normalise_email(text), text.lower() != str(value).strip().lower()
        except InvalidInput:
            raise Unusable("not_an_email") from None

    return clean


def _phone(_field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        try:
            return normalise_phone(_plain(value)), False
        except InvalidInput:
            raise Unusable("not_a_phone") from None

    return clean


def _money(_field: Field, mapping: Mapping, column: Column | None) -> Cleaner:
    factor = 1 if column and column.minor else 100
    thousands = "," if mapping.decimal == "." else "."
    plain = _PLAIN_MONEY.fullmatch if factor == 100 and mapping.decimal == "." else None

    def clean(value: Any) -> Cleaned:
        if isinstance(value, str):
            if plain and (parts := plain(value)):  # as most are written: no need of decimal arithmetic
                return int(parts[1] + parts[2]), False
            text = unicodedata.normalize("NFKC", value)
            number = _MONEY_SIGNS.sub("", text).replace(thousands, "").replace(mapping.decimal, ".")
            mended = number != value.strip()
        else:
            number, mended = str(value), False
        try:
            amount = Decimal(number) * factor
            return int(amount.to_integral_value(ROUND_HALF_UP)), mended
        except (InvalidOperation, ValueError, OverflowError):
            raise Unusable("not_an_amount") from None

    return clean


def _integer(_field: Field, mapping: Mapping, _column: Column | None) -> Cleaner:
    thousands = "," if mapping.decimal == "." else "."

    def clean(value: Any) -> Cleaned:
        text = unicodedata.normalize("NFKC", _plain(value))
        number = text.replace(thousands, "")
        try:
            amount = Decimal(number)
            if amount != amount.to_integral_value():
                raise Unusable("not_a_whole_number")
            return int(amount), number != text
        except (InvalidOperation, ValueError, OverflowError):
            raise Unusable("not_a_whole_number") from None

    return clean


def _moment(_field: Field, mapping: Mapping, _column: Column | None) -> Cleaner:
    zone = ZoneInfo(mapping.timezone)

    def clean(value: Any) -> Cleaned:
        moment = _read_moment(value, mapping.date_formats)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=zone)
        moment = moment.astimezone(UTC)
        if not _FIRST_DAY <= moment <= _LAST_DAY:
            raise Unusable("not_a_date")
        return moment, False

    return clean


def _read_moment(value: Any, formats: Sequence[str]) -> datetime:
    if isinstance(value, np.datetime64):
        value = pd.Timestamp(value)
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime(warn=False)
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    for known in formats:
        try:
            return datetime.strptime(text, known)
        except ValueError:
            continue
    if formats:
        raise Unusable("not_a_date")
    try:
        return datetime.fromisoformat(text.replace("/", "-"))
    except ValueError:
        raise Unusable("not_a_date") from None


def _country(_field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        code = country_code(tidy(value)[0])
        if code is None:
            raise Unusable("not_a_country")
        return code, False

    return clean


def _currency(_field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        code = folded(value).upper()
        if not _CURRENCY.fullmatch(code):
            raise Unusable("not_a_currency")
        return code, False

    return clean


def _json(_field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        try:
            content = json.loads(str(value))
        except ValueError:
            raise Unusable("not_json") from None
        if not isinstance(content, dict):
            raise Unusable("not_json")
        return content, False

    return clean


def _flag(_field: Field, _mapping: Mapping, _column: Column | None) -> Cleaner:
    def clean(value: Any) -> Cleaned:
        try:
            return _FLAGS[_plain(value).lower()], False
        except KeyError:
            raise Unusable("not_yes_or_no") from None

    return clean


_MAKERS: dict[Kind, Callable[[Field, Mapping, Column | None], Cleaner]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.WORD: _word,
    Kind.EMAIL: _email,
    Kind.PHONE: _phone,
    Kind.MONEY: _money,
    Kind.INTEGER: _integer,
    Kind.MOMENT: _moment,
    Kind.COUNTRY: _country,
    Kind.CURRENCY: _currency,
    Kind.JSON: _json,
    Kind.FLAG: _flag,
}
