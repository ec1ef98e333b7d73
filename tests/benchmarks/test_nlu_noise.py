"""Noise is the same for everybody, changes what it says, and nothing else."""

from __future__ import annotations

import string

import pytest

from benchmarks.nlu_noise import KINDS, noisy

TEXT = "please tell me where my last order is"
CHINESE = "请问我的订单现在到哪里了"


@pytest.mark.parametrize(("language", "kind"), [(language, kind) for language in KINDS for kind in KINDS[language]])
def test_a_text_is_spoilt_the_same_way_each_time(language: str, kind: str) -> None:
    text = TEXT if language == "en" else CHINESE
    made = [noisy(text, kind) for _ in range(3)]
    assert len(set(made)) == 1
    assert made[0].strip()


def test_swapping_keeps_the_letters_and_word_borders() -> None:
    made = noisy(TEXT, "letters_swapped")
    assert made != TEXT
    assert sorted(made) == sorted(TEXT)
    assert [len(word) for word in made.split(" ")] == [len(word) for word in TEXT.split(" ")]


def test_longer_texts_have_more_errors() -> None:
    assert len(noisy("hello", "letter_dropped")) == len("hello") - 1
    assert len(noisy(TEXT, "letter_dropped")) == len(TEXT) - 2
    assert len(noisy(TEXT, "letter_doubled")) == len(TEXT) + 2


def test_a_neighbour_key_touches_the_one_meant() -> None:
    assert {noisy(letter, "neighbour_key") for letter in "a" * 3} <= set("qwszx")
    assert all(noisy(letter, "neighbour_key") != letter for letter in string.ascii_lowercase)


def test_spaces_go_missing_and_nothing_else() -> None:
    made = noisy(TEXT, "missing_spaces")
    assert made.replace(" ", "") == TEXT.replace(" ", "")
    assert 0 < made.count(" ") < TEXT.count(" ")
    assert noisy("hello", "missing_spaces") == "hello"


def test_chinese_is_written_in_traditional_characters() -> None:
    assert noisy("请问订单", "traditional") == "請問訂單"


def test_padding_keeps_the_text() -> None:
    assert TEXT in noisy(TEXT, "padded_en")
    assert CHINESE in noisy(CHINESE, "padded_zh")


def test_words_of_the_other_language_are_mixed_in() -> None:
    assert "订单" in noisy(TEXT, "switched_en")
    assert noisy("取消订阅", "switched_zh") == "cancelsubscription"


def test_texts_without_letters_survive() -> None:
    for kind in {*KINDS["en"], *KINDS["zh"]}:
        assert "12" in noisy("12 ?", kind).replace(" ", "")[:3] or kind.startswith("padded")
