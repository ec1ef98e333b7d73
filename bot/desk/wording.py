"""How the staff pages write moments, spans of time, money, shares and codes, in the reader's language."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal, get_currency_precision

from bot.phrases import bot_phrases
from crm_core.language import locale_of
from crm_core.phrases import Value, crm_phrases
from crm_core.records.people import Reason
from crm_core.records.shop import Money

_WORD = re.compile(r"[A-Za-z0-9]+")


class Wording:
    """Words in one language and one time zone.

    Args:
        language: `"en"` or `"zh"`.
        timezone: IANA name of the zone in which moments are shown.
    """

    def __init__(self, language: str, timezone: str) -> None:
        self.language = language
        self._locale = locale_of(language)
        self._zone = ZoneInfo(timezone)

    def say(self, key: str, **values: Value) -> str:
        """Give one of the pages' sentences."""
        return bot_phrases.say(self.language, key, **values)

    def name(self, kind: str, code: str | None) -> str:
        """Give the name of a code (`order-status` and `shipped`); an unknown code is shown as it is."""
        if not code:
            return self.say("desk-unknown")
        if self.knows(kind, code):
            return self.say(f"{kind}-{'-'.join(_WORD.findall(code)).lower()}")
        shown = code.replace("_", " ")
        return shown[:1].upper() + shown[1:]

    def knows(self, kind: str, code: str) -> bool:
        """Tell whether a code has a name."""
        return bot_phrases.has(self.language, f"{kind}-{'-'.join(_WORD.findall(code)).lower()}")

    def segment(self, key: str) -> str:
        """Give a segment's name."""
        try:
            return crm_phrases.say(self.language, f"segment-{key}-name")
        except LookupError:  # the segments of another version may have no words here
            return key.replace("_", " ")

    def reason(self, reason: Reason) -> str:
        """Give a model's reason in words."""
        key = f"reason-{reason.code}"
        try:
            return crm_phrases.say(self.language, key, **reason.values)
        except LookupError:  # a model of another version may give reasons that have no words here
            return reason.code.replace("_", " ")

    def money(self, amount: Money) -> str:
        """Write an amount with its currency."""
        units = amount.minor / 10 ** get_currency_precision(amount.currency)
        return str(format_currency(units, amount.currency, locale=self._locale))

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with at most so many digits after the point."""
        pattern = "#,##0" + ("." + "#" * digits if digits else "")
        return str(format_decimal(value, pattern, locale=self._locale))

    def measure(self, value: float) -> str:
        """Write a model's figure with three digits after the point."""
        return str(format_decimal(value, "#,##0.000", locale=self._locale))

    def percent(self, share: float, digits: int = 0) -> str:
        """Write a share in [0, 1] as a percentage."""
        return f"{share * 100:.{digits}f}%"

    def day(self, moment: datetime | date) -> str:
        """Write a day: `3 May 2026`, `2026年5月3日`."""
        if isinstance(moment, datetime):
            moment = moment.astimezone(self._zone).date()
        return str(format_date(moment, "d MMM yyyy" if self.language == "en" else "y年M月d日", locale=self._locale))

    def short_day(self, day: date) -> str:
        """Write a day without its year."""
        return str(format_date(day, "d MMM" if self.language == "en" else "M月d日", locale=self._locale))

    def time(self, moment: datetime) -> str:
        """Write the time of day: `09:30`."""
        return str(format_time(moment.astimezone(self._zone), "HH:mm", locale=self._locale))

    def moment(self, moment: datetime) -> str:
        """Write day and time."""
        pattern = "d MMM yyyy, HH:mm" if self.language == "en" else "y年M月d日 HH:mm"
        return str(format_datetime(moment.astimezone(self._zone), pattern, locale=self._locale))

    def when(self, moment: datetime, now: datetime) -> str:
        """Write the time for today, the day for any other."""
        same = moment.astimezone(self._zone).date() == now.astimezone(self._zone).date()
        return self.time(moment) if same else self.short_day(moment.astimezone(self._zone).date())

    def span(self, seconds: float) -> str:
        """Write a span of time in its largest fitting unit: `40 seconds`, `3 minutes`."""
        return _span(max(0, round(seconds)), self._locale)


@lru_cache(maxsize=4096)
def _span(seconds: int, locale: str) -> str:
    return str(format_timedelta(timedelta(seconds=seconds), threshold=1.2, format="long", locale=locale))
