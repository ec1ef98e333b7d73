"""Days in words are read in both languages, counted from a given day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.assistant.components.dates import find_days

SUNDAY, WEDNESDAY = date(2026, 11, 22), date(2026, 11, 25)


def values(text: str, today: date = SUNDAY) -> list[str]:
    return [days.value for days in find_days(text, today)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yesterday", "2026-11-21"),
        ("the day before yesterday", "2026-11-20"),
        ("tomorrow", "2026-11-23"),
        ("last Tuesday", "2026-11-17"),
        ("on Tuesday", "2026-11-17"),
        ("Tuesday last week", "2026-11-10"),
        ("last week's friday", "2026-11-13"),
        ("next friday", "2026-11-27"),
        ("by Friday", "2026-11-27"),
        ("3 days ago", "2026-11-19"),
        ("a couple of weeks ago", "2026-11-08"),
        ("two months ago", "2026-09-22"),
        ("in 3 days", "2026-11-25"),
        ("last week", "2026-11-09/2026-11-15"),
        ("last month", "2026-10-01/2026-10-31"),
        ("October 5th", "2026-10-05"),
        ("5 Oct 2025", "2025-10-05"),
        ("the 5th of October", "2026-10-05"),
        ("December 3", "2025-12-03"),
        ("2026/10/05", "2026-10-05"),
        ("2026-10-05", "2026-10-05"),
        ("10/05/2026", "2026-10-05"),
        ("on the 5th", "2026-11-05"),
        ("今天", "2026-11-22"),
        ("前天", "2026-11-20"),
        ("大前天", "2026-11-19"),
        ("上周二", "2026-11-10"),
        ("上上周三", "2026-11-04"),
        ("上个星期五", "2026-11-13"),
        ("这周五", "2026-11-20"),
        ("周五", "2026-11-20"),
        ("礼拜三", "2026-11-18"),
        ("下周一", "2026-11-23"),
        ("上周末", "2026-11-14/2026-11-15"),
        ("上个月", "2026-10-01/2026-10-31"),
        ("上个月5号", "2026-10-05"),
        ("3天前", "2026-11-19"),
        ("两个星期前", "2026-11-08"),
        ("三个月前", "2026-08-22"),
        ("10月5号", "2026-10-05"),
        ("十月五号", "2026-10-05"),
        ("十二月三十一日", "2025-12-31"),
        ("2025年10月5日", "2025-10-05"),
        ("去年3月5号", "2025-03-05"),
        ("去年", "2025-01-01/2025-12-31"),
    ],
)
def test_a_day_or_a_span_is_read(text: str, value: str) -> None:
    assert values(f"I bought it {text}" if text.isascii() else f"我{text}买的") == [value]


@pytest.mark.parametrize(
    ("text", "today", "value"),
    [
        ("last Wednesday", WEDNESDAY, "2026-11-18"),
        ("on Wednesday", WEDNESDAY, "2026-11-25"),
        ("last Tuesday", WEDNESDAY, "2026-11-24"),
        ("周五之前能送到吗", SUNDAY, "2026-11-27"),
        ("到12月3号能送到吗", SUNDAY, "2026-12-03"),
        ("will it arrive on Monday", SUNDAY, "2026-11-23"),
        ("一个月前", date(2026, 3, 31), "2026-02-28"),
        ("last month", date(2026, 1, 15), "2025-12-01/2025-12-31"),
        ("yesterday", date(2024, 3, 1), "2024-02-29"),
    ],
)
def test_it_depends_on_the_day_and_on_whether_the_words_look_ahead(text: str, today: date, value: str) -> None:
    assert values(text, today) == [value]


def test_several_days_are_found_where_they_stand() -> None:
    text = "not last Tuesday but 上周五"
    found = find_days(text, SUNDAY)
    assert [text[days.start : days.end] for days in found] == ["last Tuesday", "上周五"]


@pytest.mark.parametrize(
    "text",
    [
        *("may I return it", "a sat nav", "sun hat", "march", "1/2 price", "RP100234", "the 2nd item", "", "last one"),
        *("10月32号", "February 31st", "2026-13-45", "我上个订单", "下单了", "一天都在等", "5号楼", "上一个"),
    ],
)
def test_what_is_no_day_is_not_taken_for_one(text: str) -> None:
    assert values(text) == []


def test_every_day_of_two_years_is_read_as_itself() -> None:
    for number in range(0, 730, 11):
        day = date(2025, 1, 1) + timedelta(number)
        assert (
            values(f"{day:%B} {day.day}, {day.year}") == values(f"{day.year}年{day.month}月{day.day}日") == [f"{day}"]
        )
