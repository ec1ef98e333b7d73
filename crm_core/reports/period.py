"""The days that a report is about, in the shop's own time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from crm_core.errors import InvalidInput

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Day:
    """One local day and the moments at which it begins and ends."""

    date: date
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A run of whole local days, both ends included.

    Args:
        first: The first day.
        last: The last day.
        timezone: IANA name of the zone whose midnights part the days.

    Raises:
        InvalidInput: The last day is before the first, the period is too long, or the zone is unknown.
    """

    first: date
    last: date
    timezone: str = "UTC"

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidInput("last", self.last.isoformat(), f"is before {self.first.isoformat()}")
        if (self.last - self.first).days >= LONGEST_DAYS:
            raise InvalidInput("last", self.last.isoformat(), f"is more than {LONGEST_DAYS} days after the first day")
        zone_of(self.timezone)

    @property
    def starts(self) -> datetime:
        """The moment at which the first day begins."""
        return self._midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The moment at which the last day has ended."""
        return self._midnight(self.last + timedelta(days=1))

    def days(self) -> list[Day]:
        """Give every day with its true begin and end; a day of a clock change has 23 or 25 hours."""
        count = (self.last - self.first).days + 1
        dates = [self.first + timedelta(days=step) for step in range(count)]
        return [Day(day, self._midnight(day), self._midnight(day + timedelta(days=1))) for day in dates]

    def before(self) -> Period:
        """Give the equally long period just before this one, to compare with."""
        length = self.last - self.first
        last = self.first - timedelta(days=1)
        return Period(last - length, last, self.timezone)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, zone_of(self.timezone)).astimezone(UTC)


def zone_of(name: str) -> ZoneInfo:
    """Give a time zone by its IANA name.

    Raises:
        InvalidInput: There is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput("timezone", name, "is not a time zone") from error
