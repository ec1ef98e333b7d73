"""Scores as people type them."""

from __future__ import annotations

import pytest

from crm_core.ratings import read_rating


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("4", 4),
        ("five stars", 5),
        ("i'd rate you four", 4),
        ("4 out of 5", 4),
        ("3/5", 3),
        ("⭐⭐⭐", 3),
        ("四星", 4),
        ("给你打3分", 3),
        ("我打四分", 4),
        ("五", 5),
        ("2分，满分5分", 2),
    ],
)
def test_a_score_is_read(text: str, score: int) -> None:
    assert read_rating(text) == score


@pytest.mark.parametrize(
    "text", ["6", "0", "10", "4.5", "2 or 3", "rate this chat", "打一下分", "给这次对话打分", "order 100234"]
)
def test_what_is_no_score_is_not_read_as_one(text: str) -> None:
    assert read_rating(text) is None
