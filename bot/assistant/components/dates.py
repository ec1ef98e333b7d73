"""Days in words, in English and Chinese: "last Tuesday", "3 days ago", "上周二", "前天", "10月5号", "2026/10/05".

Dates and ages in English ("Oct 5th", "two weeks ago") are read by dateparser (https://dateparser.readthedocs.io).
What it does not read is read here: weekdays of last and next week, spans such as "last month", everything Chinese.
A day without a year or a week lies in the past, as what was bought does, unless the words around it look ahead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import dateparser

_WEEKDAYS = {
    name: day
    for day, names in enumerate(
        (
            "monday mon",
            "tuesday tues tue",
            "wednesday weds wed",
            "thursday thurs thur thu",
            "friday fri",
            "saturday sat",
        )
    )
    for name in names.split()
} | {"sunday": 6, "sun": 6}
_WEEKDAYS_HAN = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_SHIFTS = {
    **{"today": 0, "tonight": 0, "yesterday": -1, "last night": -1, "tomorrow": 1},
    **{
        "the day before yesterday": -2,
        "day before yesterday": -2,
        "the day after tomorrow": 2,
        "day after tomorrow": 2,
    },
    **{
        "大前天": -3,
        "前天": -2,
        "前晚": -2,
        "昨天": -1,
        "昨晚": -1,
        "昨日": -1,
        "今天": 0,
        "今早": 0,
        "今晚": 0,
        "今日": 0,
    },
    **{"明天": 1, "明早": 1, "明晚": 1, "明日": 1, "后天": 2, "大后天": 3},
}
_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_TURNS = {"last": -1, "past": -1, "previous": -1, "this": 0, "next": 1, "coming": 1}
_UNITS_HAN = {"天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month", "年": "year"}
_NUMBERS_HAN = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_HAN_NUMBER = "[零〇一二两三四五六七八九十]{1,3}"

_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
_MONTH = "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
_MONTH += r"|nov(?:ember)?|dec(?:ember)?)\.?"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_COUNT = r"(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)"
_AHEAD = re.compile(
    r"(?:\b(?:by|until|till|before|arriv\w+|deliver\w*|come|coming|get here|send it|schedul\w+)(?: it)?(?: on)?"
    r"|到|改到|约)\s*$"
)
_BEFORE_SHORT = re.compile(r"\b(?:on|by|until|till|since|before|after|from|to|and|or|between) $")
_AHEAD_AFTER = re.compile(r"\s*(?:之前|以前|前)?(?:能|会|可以)?(?:送|到货|到吗|派送|配送|收货)")


@dataclass(frozen=True, slots=True)
class Days:
    """A day or a span of days that a text names.

    Attributes:
        start: Where the words begin.
        end: Where they end.
        first: The day, or the first of the span.
        last: The last day of the span; the day itself where it is one.
    """

    start: int
    end: int
    first: date
    last: date

    @property
    def value(self) -> str:
        """The day in ISO 8601, a span as `first/last`."""
        return self.first.isoformat() if self.first == self.last else f"{self.first}/{self.last}"


def find_days(text: str, today: date) -> list[Days]:
    """Find the days that a text names, in their order.

    Args:
        text: In half-width, simplified characters (see `pieces.half_width`, `normalisation.simplified`).
        today: What "yesterday" is counted from.

    >>> [found.value for found in find_days("not last Tuesday but 上周五", date(2026, 11, 22))]
    ['2026-11-17', '2026-11-13']
    """
    found: list[Days] = []
    for start, end, (first, last) in _all(text.lower(), today):
        if not any(start < other.end and other.start < end for other in found):
            found.append(Days(start, end, first, last))
    return sorted(found, key=lambda days: days.start)


Span = tuple[date, date]
_Reader = Callable[[re.Match[str], date], Span | None]


def _all(text: str, today: date) -> Iterator[tuple[int, int, Span]]:
    """Give every reading, those of more words first."""
    for pattern, read in _READERS:
        for match in pattern.finditer(text):
            try:
                span = read(match, today)
            except (ValueError, OverflowError):  # the 31st of February, the year 0
                continue
            if span:
                yield *match.span(), span


def _shifted(match: re.Match[str], today: date) -> Span:
    return _one(today + timedelta(_SHIFTS[match.group()]))


def _weekday_of_week(match: re.Match[str], today: date) -> Span:
    """Read "Tuesday last week", "last week on Tuesday"."""
    return _one(_monday(today, _TURNS[match["turn"]]) + timedelta(_WEEKDAYS[match["day"]]))


def _weekday(match: re.Match[str], today: date) -> Span | None:
    turn, day = match["turn"], _WEEKDAYS[match["day"]]
    if len(match["day"]) == 3 and not turn and not _BEFORE_SHORT.search(match.string[: match.start()]):
        return None  # the sun, a sat nav
    back, ahead = (today.weekday() - day) % 7, (day - today.weekday()) % 7
    if turn == "this":
        return _one(_monday(today, 0) + timedelta(day))
    if turn in ("next", "coming") or (turn is None and _looks_ahead(match)):
        return _one(today + timedelta(ahead or 7))
    return _one(today - timedelta(back or (7 if turn else 0)))


def _weekday_han(match: re.Match[str], today: date) -> Span:
    monday = _monday(today, _WEEKS.get(match["turn"] or "", 0))
    if match["day"] == "末":
        return monday + timedelta(5), monday + timedelta(6)
    day = monday + timedelta(_WEEKDAYS_HAN[match["day"]])
    if match["turn"] is None and day > today and not _looks_ahead(match):
        day -= timedelta(7)
    return _one(day + timedelta(7) if match["turn"] is None and day < today and _looks_ahead(match) else day)


def _spanned(match: re.Match[str], today: date) -> Span:
    turn = {**_TURNS, **_WEEKS}[match["turn"]]
    return _span(_UNITS_HAN.get(match["unit"], match["unit"]), turn, today)


def _year_han(match: re.Match[str], today: date) -> Span:
    return _span("year", {"去": -1, "今": 0, "明": 1}[match["turn"]], today)


def _ago_han(match: re.Match[str], today: date) -> Span:
    count = _number(match["count"]) * (-1 if "前" in match["side"] else 1)
    unit = _UNITS_HAN[match["unit"]]
    if unit in ("day", "week"):
        return _one(today + timedelta(count * (7 if unit == "week" else 1)))
    month = today.month - 1 + count * (12 if unit == "year" else 1)
    return _one(_clipped(today.year + month // 12, month % 12 + 1, today.day))


def _date_han(match: re.Match[str], today: date) -> Span:
    month, day = _number(match["month"]), _number(match["day"])
    if match["year"]:
        year = int(match["year"])
        return _one(date(year + (2000 if year < 100 else 0), month, day))
    if match["turn"]:
        return _one(date(today.year + {"去": -1, "今": 0, "明": 1}[match["turn"]], month, day))
    return _one(_nearest(month, day, today, _looks_ahead(match)))


def _day_of_month_han(match: re.Match[str], today: date) -> Span:
    first, _ = _span("month", _WEEKS[match["turn"]], today)
    return _one(first.replace(day=_number(match["day"])))


def _day_of_month(match: re.Match[str], today: date) -> Span:
    day = int(match["day"])
    month = today.replace(day=1) if day <= today.day or _looks_ahead(match) else today.replace(day=1) - timedelta(1)
    return _one(month.replace(day=day))


def _iso(match: re.Match[str], today: date) -> Span:
    return _one(date(int(match["year"]), int(match["month"]), int(match["day"])))


def _parsed(match: re.Match[str], today: date) -> Span | None:
    day = _read_by_dateparser(match.group(), today, _looks_ahead(match))
    return _one(day) if day else None


def _read_by_dateparser(words: str, today: date, ahead: bool) -> date | None:
    words = words.replace("a couple of", "2").replace("a few", "3")
    settings = {
        "RELATIVE_BASE": datetime.combine(today, time(12)),
        "PREFER_DATES_FROM": "future" if ahead else "past",
        "DATE_ORDER": "MDY",
        "PARSERS": ["relative-time" if re.search("ago|^in|now", words) else "absolute-time"],
    }
    read = dateparser.parse(re.sub(r"\bof\b|,", " ", words), languages=["en"], settings=settings)
    return read.date() if read else None


def _compiled(*pairs: tuple[str, _Reader]) -> list[tuple[re.Pattern[str], _Reader]]:
    return [(re.compile(pattern), read) for pattern, read in pairs]


_TURN = "(?P<turn>last|past|previous|this|next|coming)"
_TURN_HAN = "(?P<turn>上上|下下|上|这|本|下)"
_READERS = _compiled(
    (r"(?<![\w.-])(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?![\w-])", _iso),
    (
        rf"(?:(?P<year>(?:20)?\d\d)年|(?P<turn>[去今明])年)?(?P<month>\d{{1,2}}|{_HAN_NUMBER})月(?:份)?"
        rf"(?P<day>\d{{1,2}}|{_HAN_NUMBER})[日号]",
        _date_han,
    ),
    (rf"{_TURN_HAN}个?月(?:的)?(?P<day>\d{{1,2}}|{_HAN_NUMBER})[日号]", _day_of_month_han),
    (rf"\b{_MONTH} {_ORDINAL}(?:,? (?:19|20)\d\d)?\b(?! ?(?:dollars|items|pieces))", _parsed),
    (rf"\b{_ORDINAL}(?: of)? {_MONTH}(?:,? (?:19|20)\d\d)?(?!\w)", _parsed),
    (r"(?<![\w./$-])\d{1,2}/\d{1,2}/(?:\d{4}|\d\d)(?![\w/])", _parsed),
    (r"(?:(?<=\bon )|(?<=\bby )|(?<=\bof )|(?<=\bsince ))\d{1,2}/\d{1,2}(?![\w/])", _parsed),
    (rf"\b(?:{_COUNT}|a couple of|a few) (?:day|week|month|year)s? ago\b", _parsed),
    (rf"\bin {_COUNT} (?:day|week|month)s?\b|\b{_COUNT} (?:day|week|month)s? from now\b", _parsed),
    (
        rf"(?P<count>\d{{1,3}}|{_HAN_NUMBER})个?(?P<unit>天|日|周|星期|礼拜|月|年)(?P<side>以前|之前|前|以后|之后|后)",
        _ago_han,
    ),
    (rf"\b(?P<day>{_WEEKDAY})\b,? (?:of )?{_TURN} week\b", _weekday_of_week),
    (rf"\b{_TURN} week(?:'s)?,?(?: on)? (?P<day>{_WEEKDAY})\b", _weekday_of_week),
    (rf"\b(?:{_TURN} )?(?P<day>{_WEEKDAY})\b", _weekday),
    (rf"{_TURN_HAN}?个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末])", _weekday_han),
    ("|".join(re.escape(word) for word in sorted(_SHIFTS, key=len, reverse=True)), _shifted),
    (rf"\b{_TURN} (?P<unit>weekend|week|month|year)\b", _spanned),
    (rf"{_TURN_HAN}个?(?P<unit>周|星期|礼拜|月)(?!\w*[日号])", _spanned),
    (r"(?P<turn>[去今明])年", _year_han),
    (r"\bon the (?P<day>\d{1,2})(?:st|nd|rd|th)\b", _day_of_month),
)


def _one(day: date) -> Span:
    return day, day


def _monday(today: date, weeks: int) -> date:
    return today - timedelta(today.weekday()) + timedelta(7 * weeks)


def _span(unit: str, turn: int, today: date) -> Span:
    if unit == "year":
        return date(today.year + turn, 1, 1), date(today.year + turn, 12, 31)
    if unit == "month":
        month = today.month - 1 + turn
        first = date(today.year + month // 12, month % 12 + 1, 1)
        return first, (first + timedelta(31)).replace(day=1) - timedelta(1)
    monday = _monday(today, turn)
    return (monday + timedelta(5) if unit == "weekend" else monday), monday + timedelta(6)


def _nearest(month: int, day: int, today: date, ahead: bool) -> date:
    this_year = date(today.year, month, day)
    if ahead:
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)
    return this_year if this_year <= today else this_year.replace(year=today.year - 1)


def _clipped(year: int, month: int, day: int) -> date:
    """Give the day, or the last of a month that has fewer."""
    last = (date(year, month, 1) + timedelta(31)).replace(day=1) - timedelta(1)
    return date(year, month, min(day, last.day))


def _looks_ahead(match: re.Match[str]) -> bool:
    text = match.string
    return bool(_AHEAD.search(text[: match.start()]) or _AHEAD_AFTER.match(text[match.end() :]))


def _number(text: str) -> int:
    """Read a number up to 99 in digits or Chinese characters."""
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return int("".join(str(_NUMBERS_HAN[character]) for character in text))
    return (_NUMBERS_HAN[tens] if tens else 1) * 10 + (_NUMBERS_HAN[ones] if ones else 0)
