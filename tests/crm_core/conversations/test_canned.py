"""What a ready-made reply may hold, and how its places are filled."""

from __future__ import annotations

import pytest

from crm_core.conversations.canned import ReplyInvalid, check, filled, tidy_shortcut, unfilled


def test_places_are_filled_and_what_is_not_known_stays_to_be_seen() -> None:
    text = "Hello { customer_name }, order {order_number}: {order_number} {not_a_place}"
    values = {"customer_name": "Mei", "order_number": ""}
    assert filled(text, values) == "Hello Mei, order {order_number}: {order_number} {not_a_place}"
    assert unfilled(filled(text, values)) == ["order_number"]
    assert filled("{customer_name}", {"customer_name": "{order_number}"}) == "{order_number}"
    assert unfilled("nothing {here}") == []


@pytest.mark.parametrize(("typed", "kept"), [("/Hello", "hello"), (" ／退款 ", "退款"), ("refund-2", "refund-2")])
def test_a_shortcut_has_one_spelling(typed: str, kept: str) -> None:
    assert tidy_shortcut(typed) == kept
    check(kept, {"en": "Hi"})


@pytest.mark.parametrize(
    ("shortcut", "texts", "field", "code"),
    [
        ("", {"en": "Hi"}, "shortcut", "missing"),
        ("two words", {"en": "Hi"}, "shortcut", "not_a_shortcut"),
        ("-x", {"en": "Hi"}, "shortcut", "not_a_shortcut"),
        ("x" * 33, {"en": "Hi"}, "shortcut", "too_long"),
        ("hi", {}, "en", "missing"),
        ("hi", {"zh": "x" * 2001}, "zh", "too_long"),
        ("hi", {"en": "Hi {name}"}, "en", "unknown_place"),
        ("hi", {"en": "Hi {}"}, "en", "unknown_place"),
    ],
)
def test_what_cannot_be_kept_is_named(shortcut: str, texts: dict[str, str], field: str, code: str) -> None:
    with pytest.raises(ReplyInvalid) as wrong:
        check(shortcut, texts)
    assert (wrong.value.field, wrong.value.code) == (field, code)
