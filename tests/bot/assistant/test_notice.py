"""Anger, silence and pauses."""

from __future__ import annotations

import pytest

from bot.assistant.components.anger import signs_of_anger
from bot.assistant.notice import notice_of


@pytest.mark.parametrize(
    "text",
    [
        "this is RIDICULOUS",
        "what the fuck is going on",
        "WHERE IS MY BLOODY PARCEL",
        "WHY IS NOBODY ANSWERING ME",
        "third time I ask and still nothing",
        "still waiting!!!",
        "how many times do I have to say it",
        "气死了",
        "你们这什么破店",
        "都三天了还没发货！！！",
        "我都说了好几遍了",
        "垃圾",
    ],
)
def test_anger_is_told_by_words_or_by_shouting(text: str) -> None:
    assert signs_of_anger(text)


@pytest.mark.parametrize(
    "text",
    [
        "where is my order",
        "still no parcel",
        "I'm not angry, just tell me",
        "my order RP100234 IS LATE",
        "do you sell garbage bags",
        "Great!!!",
        "hello?",
        "还没到",
        "有垃圾桶吗",
        "我没生气",
    ],
)
def test_impatience_alone_is_none(text: str) -> None:
    assert signs_of_anger(text) == []


@pytest.mark.parametrize("text", ["?", "…", "。。。", "???", " . ", "！"])
def test_signs_alone_say_nothing(text: str) -> None:
    assert notice_of(text, form=None, silent_seconds=0).presence


@pytest.mark.parametrize("text", ["👍", "ok", "1", "好", "?1", ""])
def test_emoji_numbers_and_words_say_something(text: str) -> None:
    assert not notice_of(text, form="some_form", silent_seconds=0).presence


@pytest.mark.parametrize(
    "text", ["are you still there?", "Hello???", "anyone there", "还在吗？", "人呢", "hello hello"]
)
def test_inside_a_form_somebody_may_ask_whether_anybody_is_there(text: str) -> None:
    assert notice_of(text, form="some_form", silent_seconds=0).presence
    assert not notice_of(text, form=None, silent_seconds=0).presence


def test_a_pause_is_long() -> None:
    assert not notice_of("hi", form=None, silent_seconds=600).pause
    assert notice_of("hi", form=None, silent_seconds=86_400).pause


@pytest.mark.parametrize(
    ("intent", "form", "needed"),
    [
        ("ask_order_status", None, True),
        ("give_complaint", None, False),
        ("request_person", None, False),
        ("inform", "feedback_form", False),
        ("inform", "order_cancel_form", True),
    ],
)
def test_where_the_answer_is_kind_itself_nothing_stands_in_front(intent: str, form: str | None, needed: bool) -> None:
    assert notice_of("this is ridiculous", form=form, silent_seconds=0).needs_calm(intent, form) is needed
