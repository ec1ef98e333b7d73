"""Shares, periods and spreadsheets by themselves."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import InvalidInput
from crm_core.privacy.personal_data import mask_personal_data
from crm_core.reports.definitions import ENDINGS, FIGURES, Unit
from crm_core.reports.period import Period
from crm_core.reports.shares import percentages
from crm_core.reports.spreadsheet import to_csv


@given(st.dictionaries(st.sampled_from(ENDINGS), st.integers(0, 10**9), min_size=1), st.integers(0, 2))
def test_rounded_percentages_always_sum_to_a_hundred(counts: dict[str, int], decimals: int) -> None:
    shown = percentages(counts, decimals)
    assert round(sum(shown.values()), decimals) == (100 if sum(counts.values()) else 0)
    total = sum(counts.values())
    for kind, count in counts.items():
        assert total == 0 or abs(shown[kind] - 100 * count / total) <= 10**-decimals + 1e-9


@pytest.mark.parametrize(
    ("first", "last", "zone"),
    [
        (date(2026, 3, 2), date(2026, 3, 1), "UTC"),
        (date(2024, 3, 2), date(2026, 3, 1), "UTC"),
        (date(2026, 3, 1), date(2026, 3, 1), "Mars/Olympus"),
        (date(2026, 3, 1), date(2026, 3, 1), "../etc/passwd"),
    ],
)
def test_a_period_that_makes_no_sense_is_refused(first: date, last: date, zone: str) -> None:
    with pytest.raises(InvalidInput):
        Period(first, last, zone)


def test_the_period_before_is_as_long_and_ends_the_day_before() -> None:
    assert Period(date(2026, 3, 8), date(2026, 3, 14)).before() == Period(date(2026, 3, 1), date(2026, 3, 7))


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_a_cell_that_a_spreadsheet_would_run_is_written_as_text(evil: str) -> None:
    assert to_csv(["a"], [[evil]]).decode("utf-8-sig").splitlines()[1].lstrip('"').startswith("'")


def test_numbers_stay_numbers_and_nothing_is_an_empty_cell() -> None:
    assert to_csv(["a", "b", "c"], [[-1, 2.5, None]]).decode("utf-8-sig") == "a,b,c\r\n-1,2.5,\r\n"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的手机13812345678，邮箱li.wei@example.cn。", "我的手机***5678，邮箱l***@example.cn。"),
        ("order RP-100234 has not come", "order RP-100234 has not come"),
        ("card 4111 1111 1111 1111", "card ***1111"),
        ("3 boxes for 12.90", "3 boxes for 12.90"),
    ],
)
def test_personal_values_in_a_text_are_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


def test_every_share_names_its_whole() -> None:
    assert all(FIGURES[figure.of] for figure in FIGURES.values() if figure.of)
    assert all(figure.of for figure in FIGURES.values() if figure.unit is Unit.SHARE)
