"""One spelling for each value, and masks that show little."""

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.errors import InvalidInput
from crm_core.privacy.identifiers import normalise, normalise_phone
from crm_core.privacy.masking import mask_email, mask_name, mask_phone


@pytest.mark.parametrize(
    ("kind", "written", "language", "expected"),
    [
        ("email", "  Ann@Example.COM ", "en", "ann@example.com"),
        ("email", "ａｎｎ＠example.com", "zh", "ann@example.com"),
        ("phone", "138 0013 8000", "zh", "+8613800138000"),
        ("phone", "13800138000", "en", "+8613800138000"),
        ("phone", "(415) 555-0134", "en", "+14155550134"),
        ("phone", "+44 20 7946 0958", "zh", "+442079460958"),
        ("customer_number", " C-1001 ", "en", "C-1001"),
    ],
)
def test_however_it_is_written_it_is_one_value(kind: str, written: str, language: str, expected: str) -> None:
    assert normalise(kind, written, language) == expected


@pytest.mark.parametrize(
    ("kind", "written"),
    [("email", "ann at example"), ("email", ""), ("phone", "12"), ("phone", "call me"), ("customer_number", "  ")],
)
def test_what_is_no_such_value_is_refused_by_name(kind: str, written: str) -> None:
    with pytest.raises(InvalidInput, match=kind):
        normalise(kind, written)


@given(st.sampled_from(["email", "phone", "customer_number"]), st.text(max_size=40))
def test_whatever_is_written_is_either_one_stable_value_or_refused(kind: str, written: str) -> None:
    try:
        once = normalise(kind, written)
    except InvalidInput:
        return
    assert normalise(kind, once) == once


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (mask_email, "ann@example.com", "a***@example.com"),
        (mask_phone, "+14155550134", "***0134"),
        (mask_name, "Ann Smith", "A*** S***"),
        (mask_name, "王小明", "王**"),
        (mask_name, "李", "李*"),
        (mask_name, "", ""),
    ],
)
def test_a_mask_shows_just_enough_to_recognise(mask: object, value: str, shown: str) -> None:
    assert mask(value) == shown  # type: ignore[operator]


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_mainland_mobile_numbers_are_read_as_the_library_reads_them(digits: str) -> None:
    read = phonenumbers.parse(digits, "CN")
    assert normalise_phone(digits) == phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)
