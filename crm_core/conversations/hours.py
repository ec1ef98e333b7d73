"""When people serve: days, times and holidays, and how service time passes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from crm_core.errors import InvalidInput

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_PART = re.compile(r"(?P<first>[a-z]{3})(?:-(?P<last>[a-z]{3}))?\s+(?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_LOOK_AHEAD = 366  # days; who is closed for longer than that is closed


@dataclass(frozen=True, slots=True)
class Hours:
    """The times of service.

    Attributes:
        zone: In which the times are meant.
        spans: For each day of the week (Monday is 0) the spans of service; nothing at all: always open.
        holidays: Days without service.
    """

    zone: ZoneInfo
    spans: dict[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date] = frozenset()

    @classmethod
    def parse(cls, hours: str, holidays: str, timezone: str) -> Hours:
        """Read the settings.

        Args:
            hours: `"mon-fri 09:00-18:00; sat 10:00-14:00"`; empty: always.
            holidays: `"2026-12-25, 2027-01-01"`.
            timezone: IANA name.

        Raises:
            InvalidInput: One of the parts cannot be read.
        """
        spans: dict[int, list[tuple[time, time]]] = {}
        for part in filter(None, (part.strip().lower() for part in hours.split(";"))):
            found = _PART.fullmatch(part)
            if not found:
                raise InvalidInput("service_hours", part, "is not like mon-fri 09:00-18:00")
            opens, closes = _time(found["opens"]), _time(found["closes"])
            if opens >= closes:
                raise InvalidInput("service_hours", part, "ends before it begins")
            for day in range(_day(found["first"]), _day(found["last"] or found["first"]) + 1):
                spans.setdefault(day, []).append((opens, closes))
        days = frozenset(_date(day) for day in re.split(r"[,\s]+", holidays) if day)
        return cls(ZoneInfo(timezone), {day: tuple(sorted(each)) for day, each in spans.items()}, days)

    @property
    def always(self) -> bool:
        """Whether there is service at all times."""
        return not self.spans and not self.holidays

    def is_open(self, at: datetime) -> bool:
        """Tell whether there is service at a moment."""
        return self.always or any(opens <= at < closes for opens, closes in self._of(at.astimezone(self.zone).date()))

    def opens_at(self, at: datetime) -> datetime | None:
        """Give the moment from which there is service: `at` itself while there is, None if there is none for a year."""
        if self.is_open(at):
            return at
        return next((opens for opens, _ in self._from(at) if opens > at), None)

    def after(self, at: datetime, span: timedelta) -> datetime:
        """Give the moment at which so much time of service has passed since `at`."""
        if self.always:
            return at + span
        for opens, closes in self._from(at):
            begins = max(at, opens)
            if closes > begins:
                if closes - begins >= span:
                    return begins + span
                span -= closes - begins
        return at + timedelta(days=_LOOK_AHEAD)

    def _from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = at.astimezone(self.zone).date()
        for ahead in range(_LOOK_AHEAD):
            yield from self._of(day + timedelta(days=ahead))

    def _of(self, day: date) -> list[tuple[datetime, datetime]]:
        if day in self.holidays:
            return []
        whole = ((time.min, None),) if not self.spans else self.spans.get(day.weekday(), ())
        return [(self._at(day, opens), self._at(day, closes)) for opens, closes in whole]

    def _at(self, day: date, clock: time | None) -> datetime:
        if clock is None:
            return datetime.combine(day + timedelta(days=1), time.min, self.zone)
        return datetime.combine(day, clock, self.zone)


def _day(name: str) -> int:
    if name not in _DAYS:
        raise InvalidInput("service_hours", name, f"is not one of {', '.join(_DAYS)}")
    return _DAYS.index(name)


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("service_hours", text, "is not a time of day") from error


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("holidays", text, "is not a day like 2026-12-25") from error
