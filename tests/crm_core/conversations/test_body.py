"""Bodies: any script and emoji come through whole, controls and half characters do not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_core.conversations.body import checked, clean_text
from crm_core.errors import InvalidInput


@pytest.mark.parametrize(
    "text", ["我的订单 R-1001 在哪里？", "👩‍👩‍👧 thanks! 🎉", "<b>it's</b> 'DROP TABLE'; --", "line one\nline two\ttab"]
)
def test_what_people_write_is_kept_as_it_is(text: str) -> None:
    assert checked({"text": text}, 4000) == {"text": text}


def test_control_characters_are_taken_out() -> None:
    assert clean_text("a\x00b\x1b[31mc\r\nd\x7f") == "ab[31mc\nd"


@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_can_be_written_to_disk_and_read_again(text: str) -> None:
    cleaned = clean_text(text)
    assert json.loads(json.dumps(cleaned, ensure_ascii=False).encode().decode()) == cleaned
    assert clean_text(cleaned) == cleaned


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": 7}, {"text": "  \n"}, {"text": "x" * 4001}])
def test_a_body_without_a_usable_text_is_refused(body: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="text"):
        checked(body, 4000)


def test_a_pressed_button_needs_no_text() -> None:
    assert checked({"text": "", "payload": "/affirm"}, 4000) == {"text": "", "payload": "/affirm"}
