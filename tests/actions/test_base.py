"""Every action answers, whatever goes wrong in it."""

from __future__ import annotations

import pytest

from actions.base import CrmAction, Event
from actions.talk import Talk
from crm_core.errors import NotVerified, OrderNotFound


class ActionFails(CrmAction):
    def __init__(self, error: Exception) -> None:
        super().__init__(crm=object())
        self.error = error

    def name(self) -> str:
        return "action_fails"

    def act(self, talk: Talk) -> list[Event]:
        raise self.error


@pytest.mark.parametrize(
    ("error", "response"),
    [
        (NotVerified("no token"), "utter_account_sign_in"),
        (OrderNotFound("RP1"), "utter_order_status_not_found"),
        (ZeroDivisionError("bug"), "utter_shared_apology"),
    ],
)
def test_an_error_becomes_a_sentence(error, response, perform, dispatcher, tracker):
    assert perform(ActionFails(error), tracker("hello")) == {}
    assert dispatcher.responses == [response]


def test_the_language_of_an_unknown_slot_value_is_english(tracker, dispatcher):
    assert Talk(dispatcher, tracker("hi", slots={"language": None}), None).language == "en"
    assert Talk(dispatcher, tracker("hi", slots={"language": "zh"}), None).language == "zh"
