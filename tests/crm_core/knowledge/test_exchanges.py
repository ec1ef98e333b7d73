"""Pairs of question and answer around a hand-off."""

from __future__ import annotations

from crm_core.knowledge.exchanges import Exchange, Line, exchanges

REPLY = "Yes, we sharpen every kitchen knife for five dollars."


def lines(*said: tuple[str, str]) -> list[Line]:
    return [Line(str(number), text, who == "customer") for number, (who, text) in enumerate(said)]


def test_the_answer_belongs_to_the_last_question_before_it() -> None:
    talk = lines(
        ("customer", "where can I park the car?"),
        ("customer", "do you sharpen kitchen knives?"),
        ("customer", "hello?"),
        ("agent", REPLY),
        ("customer", "great thanks"),
    )
    assert exchanges(talk) == [Exchange("1", "do you sharpen kitchen knives?", REPLY)]


def test_a_greeting_is_no_answer_and_keeps_the_question_open() -> None:
    talk = lines(
        ("customer", "do you sharpen kitchen knives?"),
        ("agent", "Hi, I'm Ada."),
        ("customer", "hi"),
        ("agent", REPLY),
        ("agent", "It takes two working days in our workshop."),
    )
    assert [pair.reply for pair in exchanges(talk)] == [f"{REPLY}\n\nIt takes two working days in our workshop."]


def test_several_questions_give_several_pairs() -> None:
    talk = lines(
        ("customer", "能磨菜刀吗"),
        ("agent", "可以的，每把菜刀收费三十元，两天可取。"),
        ("customer", "那剪刀可以磨吗"),
        ("agent", "剪刀也可以磨，每把二十元，当天就能取走。"),
    )
    assert [pair.question for pair in exchanges(talk)] == ["能磨菜刀吗", "那剪刀可以磨吗"]


def test_an_answer_without_a_question_is_none() -> None:
    assert exchanges(lines(("agent", REPLY))) == []
    assert exchanges([]) == []
