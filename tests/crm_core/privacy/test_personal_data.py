"""Personal values in running text are found in both languages, and nothing else is touched."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.privacy.checksums import is_card, is_chinese_id, is_iban
from crm_core.privacy.personal_data import find_personal_data, mask_personal_data
from crm_core.records.personal_data import Kind
from tests.crm_core.privacy.finding import score, sentences


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("我的邮箱是li.na@example.cn，电话13800138000，谢谢", "我的邮箱是l***@example.cn，电话***8000，谢谢"),
        ("write to <tom+x@example.co.uk>, please", "write to <t***@example.co.uk>, please"),
        ("call +49 170 555 1234 or (415) 555-0101", "call ***1234 or ***0101"),
        ("card 4111 1111 1111 1111", "card ***1111"),
    ],
)
def test_addresses_and_long_numbers_are_masked(text: str, masked: str) -> None:
    assert mask_personal_data(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "order RP100234 for 30 dollars",
        "订单536365怎么样了",
        "it came on 2026-11-22",
        "a@b",
        "size 38, 2 pieces",
        "",
        "👍 \n\n ok",
    ],
)
def test_order_numbers_prices_dates_and_plain_words_stay(text: str) -> None:
    assert mask_personal_data(text) == text


def test_punctuation_behind_a_number_does_not_show_it():
    assert mask_personal_data("call +1 202 555 0143: now") == "call ***0143: now"
    assert mask_personal_data("is it 2026-01-31? or 2026-02-01, then") == "is it 2026-01-31? or 2026-02-01, then"


def test_names_addresses_and_identity_numbers_show_nothing() -> None:
    assert mask_personal_data("My name is Ida Moe, 5 Park Lane, Boston MA 02110.") == "My name is ***, ***."
    assert mask_personal_data("收件人：王小明，朝阳区建国路88号院") == "收件人：***，***"
    assert mask_personal_data("身份证11010519491231002X") == "身份证***"


def test_full_width_digits_and_signs_hide_nothing() -> None:
    assert mask_personal_data("电话１３８００１３８０００。") == "电话***８０００。"
    assert "ｌｉ" not in mask_personal_data("邮箱ｌｉ＠example．cn")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("part", ["development", "held_out"])
def test_at_least_95_of_100_values_are_found_and_95_of_100_found_ones_are_right(part: str, language: str) -> None:
    reached = score(sentences(f"{part}.{language}"))
    assert reached.there > 60
    assert reached.precision >= 0.95, reached.mistakes
    assert reached.recall >= 0.95, reached.mistakes


@pytest.mark.parametrize("kind", list(Kind))
def test_no_kind_falls_behind_the_others(kind: Kind) -> None:
    everything = [f"{part}.{language}" for part in ("development", "held_out") for language in ("en", "zh")]
    reached = score(sentences(*everything), kind)
    assert reached.there >= 5
    assert min(reached.precision, reached.recall) >= 0.9, reached.mistakes


def test_the_sentences_are_many_and_half_of_them_hold_nothing() -> None:
    for language in ("en", "zh"):
        read = list(sentences(f"development.{language}", f"held_out.{language}"))
        assert len(read) >= 300
        assert sum(not sentence.labels for sentence in read) > len(read) / 2


@pytest.mark.parametrize(
    ("number", "valid"), [("4111111111111111", True), ("4111111111111112", False), ("1234567812345670", False)]
)
def test_a_card_has_an_issuer_a_length_and_a_check_digit(number: str, valid: bool) -> None:
    assert is_card(number) is valid


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),
        ("110105194913310020", False),
        ("99" + "0" * 16, False),
    ],
)
def test_a_chinese_identity_number_has_a_region_a_birthday_and_a_check_digit(number: str, valid: bool) -> None:
    assert is_chinese_id(number) is valid


def test_an_iban_is_told_by_its_remainder() -> None:
    assert is_iban("GB82WEST12345698765432")
    assert not is_iban("GB82WEST12345698765431")


@given(st.text())
def test_any_text_can_be_read_and_what_is_found_is_in_order(text: str) -> None:
    found = find_personal_data(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
