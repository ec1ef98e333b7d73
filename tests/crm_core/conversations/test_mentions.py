"""Whom a note mentions."""

from __future__ import annotations

import pytest

from crm_core.conversations.mentions import mentioned

NAMES = {"1": "Ada", "2": "Ada Lovelace", "3": "Bo", "4": "小王", "5": "小王子", "6": "Bo"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("@Ada please look", ("1",)),
        ("@ada lovelace, please look", ("2",)),
        ("ask @Bo.", ("3", "6")),
        ("ask @Bob.", ()),
        ("@Bo and @Ada and @bo", ("3", "6", "1")),
        ("@小王请看一下", ("4",)),
        ("请＠小王子看", ("5",)),
        ("Ada said so; mail ada@example.com", ()),
        ("@", ()),
        ("", ()),
    ],
)
def test_the_longest_whole_name_after_the_sign_is_meant(text: str, ids: tuple[str, ...]) -> None:
    assert mentioned(text, NAMES) == ids


def test_nobody_is_meant_where_nobody_works() -> None:
    assert mentioned("@Ada", {}) == ()
    assert mentioned("@Ada", {"1": ""}) == ()
