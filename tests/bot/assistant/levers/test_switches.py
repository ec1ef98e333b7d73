"""Each of the quicker parts can be switched off by itself."""

from __future__ import annotations

import pytest

from bot.assistant.levers.switches import ALL, NONE, Lever, UnknownLever, chosen


@pytest.mark.parametrize("text", ["", "1", "all", " ALL "])
def test_all_of_them_are_on_unless_something_else_is_said(text: str) -> None:
    assert chosen({"RAPPORT_FAST": text}) == chosen({}) == ALL


@pytest.mark.parametrize("text", ["0", "none"])
def test_all_of_them_can_be_switched_off(text: str) -> None:
    assert chosen({"RAPPORT_FAST": text}) == NONE


def test_some_of_them_can_be_named() -> None:
    assert chosen({"RAPPORT_FAST": "validator, no_tensorflow"}) == {Lever.VALIDATOR, Lever.NO_TENSORFLOW}


def test_a_misspelt_name_is_said_with_those_that_there_are() -> None:
    with pytest.raises(UnknownLever, match=r"'valid'.*validator, events, runner"):
        chosen({"RAPPORT_FAST": "valid"})
