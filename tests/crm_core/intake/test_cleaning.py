"""Values as people and systems write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.intake import cleaning
from crm_core.intake.cleaning import Unusable, clean_column, cleaner, tidy
from crm_core.intake.entities import Field, Kind
from crm_core.intake.mapping import Column, Mapping


def clean(kind: Kind, value: Any, mapping: Mapping | None = None, column: Column | None = None, **field: Any) -> Any:
    """Clean one value of a field of a kind."""
    return cleaner(Field("x", kind, **field), mapping or Mapping(), column)(value)[0]


@pytest.mark.parametrize(
    ("raw", "cents"),
    [("2.50", 250), ("$1,234.5", 123450), ("￥99", 9900), ("-3.005", -301), (4.35, 435), (7, 700), ("0", 0)],
)
def test_amounts_become_minor_units(raw: object, cents: int) -> None:
    assert clean(Kind.MONEY, raw) == cents


def test_amounts_follow_the_mapping_s_decimal_sign_and_unit() -> None:
    assert clean(Kind.MONEY, "1.234,56 €", Mapping(decimal=",")) == 123456
    assert clean(Kind.MONEY, "1234", column=Column("p", minor=True)) == 1234


@pytest.mark.parametrize(
    ("kind", "raw", "reason"),
    [
        (Kind.MONEY, "gratis", "not_an_amount"),
        (Kind.INTEGER, "2.5", "not_a_whole_number"),
        (Kind.INTEGER, "zwei", "not_a_whole_number"),
        (Kind.MOMENT, "yesterday", "not_a_date"),
        (Kind.MOMENT, "1815-06-18", "not_a_date"),
        (Kind.EMAIL, "anna(at)example.com", "not_an_email"),
        (Kind.PHONE, "12", "not_a_phone"),
        (Kind.COUNTRY, "Atlantis", "not_a_country"),
        (Kind.CURRENCY, "dollars", "not_a_currency"),
        (Kind.JSON, "[1]", "not_json"),
        (Kind.FLAG, "perhaps", "not_yes_or_no"),
    ],
)
def test_what_cannot_be_used_says_why(kind: Kind, raw: str, reason: str) -> None:
    with pytest.raises(Unusable, match=reason):
        clean(kind, raw)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.EMAIL, " <Anna@Example.COM>; ", "anna@example.com"),
        (Kind.PHONE, "138 1234 5678", "+8613812345678"),
        (Kind.COUNTRY, "United Kingdom", "GB"),
        (Kind.COUNTRY, "EIRE", "IE"),
        (Kind.COUNTRY, "中国", "CN"),
        (Kind.CODE, "Ｃ１００ １", "C100 1"),
        (Kind.WORD, " Delivered ", "delivered"),
        (Kind.INTEGER, "1,200", 1200),
        (Kind.FLAG, "是", True),
        (Kind.TEXT, "a\u00a0 b\x07", "a b"),
        (Kind.TEXT, "你好，世界（测试）", "你好，世界（测试）"),
        (Kind.TEXT, 12346.0, "12346"),
    ],
)
def test_values_get_their_one_spelling(kind: Kind, raw: object, value: object) -> None:
    assert clean(kind, raw) == value


def test_moments_without_a_zone_are_in_the_mapping_s() -> None:
    london = Mapping(timezone="Europe/London")
    summer = datetime(2011, 7, 1, 8, 0, tzinfo=UTC)
    assert clean(Kind.MOMENT, "2011-07-01 09:00", london) == summer
    assert clean(Kind.MOMENT, pd.Timestamp("2011-07-01 09:00"), london) == summer
    assert clean(Kind.MOMENT, "2011-07-01T09:00+01:00") == summer
    assert (
        clean(Kind.MOMENT, "01.07.2011 09:00", Mapping(timezone="Europe/London", date_formats=("%d.%m.%Y %H:%M",)))
        == summer
    )


@pytest.mark.parametrize("raw", [None, "", "  ", "NULL", "n/a", float("nan"), pd.NaT])
def test_the_many_spellings_of_nothing_are_nothing(raw: object) -> None:
    assert clean(Kind.EMAIL, raw) is None


def test_a_mapping_translates_a_source_s_own_words() -> None:
    done = Column("state", {"versandt": "shipped"})
    assert clean(Kind.WORD, "versandt", column=done, choices=("shipped",)) == "shipped"
    with pytest.raises(Unusable, match="not_a_choice"):
        clean(Kind.WORD, "weg", column=done, choices=("shipped",))


def test_a_column_is_cleaned_value_by_value() -> None:
    column = clean_column(
        np.asarray(["1", "x", None, "1", "2,000"], dtype=object), cleaner(Field("n", Kind.INTEGER), Mapping(), None)
    )
    assert column.values.tolist() == [1, None, None, 1, 2000]
    assert column.problems.tolist() == [None, "not_a_whole_number", None, None, None]
    assert column.mended.tolist() == [False, False, False, False, True]


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidy(text)[0]
    assert tidy(once) == (once, False)


SPOILT = st.one_of(
    st.text(max_size=30),
    st.from_regex(r"[0-9]{1,17}\.[0-9]{2}", fullmatch=True),
    st.text(st.sampled_from("aZ9 .,-€$１Ａé\x00\u3000"), max_size=12),
)


def outcome(kind: Kind, value: str) -> Any:
    """Clean one value; give what came of it, or why nothing did."""
    try:
        return cleaner(Field("x", kind), Mapping(), None)(value)
    except Unusable as problem:
        return str(problem)


@pytest.mark.parametrize("kind", [Kind.CODE, Kind.WORD, Kind.TEXT, Kind.MONEY, Kind.COUNTRY, Kind.CURRENCY])
@given(value=SPOILT)
def test_the_short_way_of_plain_values_ends_where_the_long_one_does(kind: Kind, value: str) -> None:
    short = outcome(kind, value)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaning, "_is_tidy", lambda _text: False)
        patch.setattr(cleaning, "_PLAIN_MONEY", re.compile("(?!)"))  # is never met
        assert outcome(kind, value) == short
