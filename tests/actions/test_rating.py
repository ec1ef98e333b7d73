"""Rating the conversation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from rasa_sdk import Tracker

from actions.rating import ActionRatingRecord, ValidateRatingForm
from actions.rating_comment import ActionRatingComment, ValidateRatingCommentForm
from crm_core.crm import Crm
from crm_core.storage.tables import ratings
from tests.crm_core.shelf import visitor

Make = Callable[..., Tracker]
Perform = Callable[..., dict[str, Any]]


def kept(crm: Crm) -> list[tuple[int, bool]]:
    with crm.database.reading() as connection:
        rows = connection.execute(sa.select(ratings))
        return [(row.score, row.comment_encrypted is not None) for row in rows]


def test_a_score_in_the_message_is_kept_at_once(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    conversation_id, _ = visitor(crm)
    perform(ActionRatingRecord(crm), tracker("i give this chat 5 stars", conversation_id=conversation_id))
    assert kept(crm) == [(5, False)]
    assert dispatcher.responses == ["utter_rating_good"]


def test_a_wish_to_rate_without_a_score_keeps_nothing_yet(crm: Crm, tracker: Make, perform: Perform) -> None:
    conversation_id, _ = visitor(crm)
    assert perform(ActionRatingRecord(crm), tracker("评分", conversation_id=conversation_id)) == {}
    assert kept(crm) == []


@pytest.mark.parametrize(
    ("text", "entities", "slots"),
    [
        ('/rate_conversation{"rating_score": "4"}', {"rating_score": "4"}, {"rating_score": 4.0}),
        ("四星", {}, {"rating_score": 4.0}),
        ("11", {}, {"rating_score": None}),
        ("where is my order", {}, {}),
    ],
)
async def test_the_form_takes_a_score_and_nothing_else(
    tracker: Make, dispatcher: Any, text: str, entities: dict[str, str], slots: dict[str, Any]
) -> None:
    heard = tracker(text, entities=entities, slots={"requested_slot": "rating_score"}, loop="rating_form")
    assert await ValidateRatingForm().extract_rating_score(dispatcher, heard, {}) == slots


def test_a_comment_is_added_to_the_score(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    conversation_id, _ = visitor(crm)
    slots = {"rating_score": 3.0, "rating_comment": "quick, but a bit cold"}
    emptied = perform(
        ActionRatingComment(crm), tracker(slots["rating_comment"], slots=slots, conversation_id=conversation_id)
    )
    assert kept(crm) == [(3, True)]
    assert dispatcher.responses == ["utter_rating_comment_kept"]
    assert emptied == {"rating_score": None, "rating_comment": None}


def test_a_number_instead_of_a_comment_corrects_the_score(
    crm: Crm, tracker: Make, perform: Perform, dispatcher: Any
) -> None:
    conversation_id, _ = visitor(crm)
    slots = {"rating_score": 3.0, "rating_comment": "sorry, 4"}
    perform(ActionRatingComment(crm), tracker("sorry, 4", slots=slots, conversation_id=conversation_id))
    assert kept(crm) == [(4, False)]


def test_no_comment_is_fine(crm: Crm, tracker: Make, perform: Perform, dispatcher: Any) -> None:
    slots = {"rating_score": 3.0, "rating_comment": ""}
    perform(ActionRatingComment(crm), tracker("no thanks", intent="deny", slots=slots))
    assert dispatcher.responses == ["utter_rating_no_comment"]


async def test_another_question_is_no_comment_and_is_answered(crm: Crm, tracker: Make, dispatcher: Any) -> None:
    asked = {"requested_slot": "rating_comment", "rating_score": 5.0}
    question = tracker("where is my order RP100234", intent="ask_order_status", slots=asked)
    taken = await ValidateRatingCommentForm().extract_rating_comment(dispatcher, question, {})
    assert taken == {"rating_comment": ""}
    again = tracker("where is my order RP100234", intent="ask_order_status", slots=asked | taken)
    events = await ActionRatingComment(crm).run(dispatcher, again, {})
    assert dispatcher.messages == []
    assert [event["event"] for event in events] == ["slot", "slot", "action", "user"]
    assert events[-1]["parse_data"]["intent"]["name"] == "ask_order_status"
