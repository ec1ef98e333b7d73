"""Amounts, dates and lists as a customer of either language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, get_currency_precision

from crm_core.language import locale_of
from crm_core.records.shop import Money

_DATE = {"en": "d MMMM yyyy", "zh": "y年M月d日"}
_SHORT_DATE = {"en": "d MMM", "zh": "M月d日"}


def money(amount: Money, language: str) -> str:
    """Write an amount with its currency: `$12.90`, `¥88.00`."""
    units = amount.minor / 10 ** get_currency_precision(amount.currency)
    return str(format_currency(units, amount.currency, locale=locale_of(language)))


def day(moment: datetime | date, language: str, timezone: str = "UTC") -> str:
    """Write a day in full: `3 May 2026`, `2026年5月3日`."""
    return _formatted(moment, _DATE, language, timezone)


def short_day(moment: datetime | date, language: str, timezone: str = "UTC") -> str:
    """Write a day for a button: `3 May`, `5月3日`."""
    return _formatted(moment, _SHORT_DATE, language, timezone)


def listed(words: Iterable[str], language: str) -> str:
    """Join words as in a sentence: `a, b, and c`, `a、b和c`."""
    return str(format_list(list(words), locale=locale_of(language)))


def _formatted(moment: datetime | date, patterns: dict[str, str], language: str, timezone: str) -> str:
    if isinstance(moment, datetime):
        moment = moment.astimezone(ZoneInfo(timezone)).date()
    return str(format_date(moment, patterns[language], locale=locale_of(language)))
