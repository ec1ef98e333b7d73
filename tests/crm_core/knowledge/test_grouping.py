"""Questions that are alike come together, and groups that are there stay."""

from __future__ import annotations

from crm_core.knowledge.grouping import place


def test_questions_in_other_words_come_together_and_others_stay_apart() -> None:
    placed = place(
        [
            "do you repair broken teapots?",
            "can I rent a bicycle?",
            "could you repair my teapot",
            "is it possible to rent bicycles here",
        ]
    )
    assert placed[0] == placed[2]
    assert placed[1] == placed[3]
    assert placed[0] != placed[1]


def test_chinese_questions_come_together() -> None:
    first, second, other = place(["你们修茶壶吗", "茶壶坏了可以修吗", "可以租自行车吗"])
    assert first == second
    assert first != other


def test_a_question_joins_the_group_that_is_there() -> None:
    placed = place(["will you repair a teapot", "do you sell stamps"], {"pots": ["do you repair broken teapots?"]})
    assert placed[0] == "pots"
    assert placed[1] == 0


def test_what_says_nothing_belongs_nowhere() -> None:
    assert place(["?", "the", ""]) == [None, None, None]
    assert place([]) == []
