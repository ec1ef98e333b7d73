"""Words are cut into the longest pieces that the vocabulary has."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.assistant.components import word_pieces
from bot.assistant.components.word_pieces import WordPieces

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", ",", "don", "'", "t", "好", "_"]
MARKS = 2


def cut(text: str, longest: int = 128) -> list[str]:
    numbers = WordPieces(PIECES).numbers(text, longest)
    return [PIECES[number] for number in numbers[1:-1]]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("unaffable", ["un", "##aff", "##able"]),
        ("Café,", ["cafe", ","]),
        ("don't", ["don", "'", "t"]),
        ("好好", ["好", "好"]),
        ("cafe_un", ["cafe", "_", "un"]),
        ("cafexyz un", ["[UNK]", "un"]),
        ("un" + "a" * 200, ["[UNK]"]),
        ("", []),
    ],
)
def test_words_become_pieces(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


def test_a_long_text_is_cut_and_still_ends() -> None:
    numbers = WordPieces(PIECES).numbers("un " * 500, 10)
    assert len(numbers) == 10
    assert (numbers[0], numbers[-1]) == (PIECES.index("[CLS]"), PIECES.index("[SEP]"))


def test_capitals_count_where_the_vocabulary_has_them() -> None:
    assert WordPieces([*PIECES, "Un"], lower=False).numbers("Un", 9)[1] == len(PIECES)


def test_the_vocabulary_of_bert_is_whole() -> None:
    pieces = WordPieces.read(Path(word_pieces.__file__).with_name("minilm_vocab.txt"))
    assert len(pieces.pieces) == 30_522
    # the numbers that BERT's own tokenizer gives, from its published examples
    assert pieces.numbers("hello world", 9) == [101, 7592, 2088, 102]
