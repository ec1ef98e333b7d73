"""Being there, and answers that a form cannot use."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import pytest
from rasa_sdk import Tracker

from actions.dialogue import ActionDialogueHere, stumble
from actions.talk import Talk
from crm_core.crm import Crm

Make = Callable[..., Tracker]


def here(conversation: Tracker, dispatcher: Any) -> None:
    asyncio.run(ActionDialogueHere(cast(Crm, object())).run(dispatcher, conversation, {}))


def test_who_asks_whether_anybody_is_there_is_told_so(tracker: Make, dispatcher: Any) -> None:
    here(tracker("?", intent="check_presence"), dispatcher)
    assert dispatcher.responses == ["utter_dialogue_here_free"]


def test_inside_a_form_it_is_told_where_the_talk_was(tracker: Make, dispatcher: Any) -> None:
    here(tracker("?", intent="check_presence", loop="order_cancel_form"), dispatcher)
    assert dispatcher.responses == ["utter_dialogue_here", "utter_dialogue_at_order_cancel_form"]


def test_the_second_time_in_a_row_other_words_are_used(tracker: Make, dispatcher: Any) -> None:
    conversation = tracker("?", intent="check_presence")
    before = [{"event": "user", "text": "?"}, {"event": "action", "name": "action_dialogue_here"}]
    conversation.events[:0] = before
    here(conversation, dispatcher)
    assert dispatcher.responses == ["utter_dialogue_here_free_again"]


@pytest.mark.parametrize("times", range(9))
def test_an_answer_that_leads_nowhere_is_never_met_twice_with_the_same_words(
    tracker: Make, dispatcher: Any, times: int
) -> None:
    for before in (times, times + 1):
        talk = Talk(dispatcher, tracker("hm", slots={"dialogue_stumbles": before}), None)
        stumble(talk, partial(talk.say, "utter_hint"))
    first, second = dispatcher.responses
    assert first != second
