"""A training reads each text once; of what a customer wrote nothing stays in memory."""

from __future__ import annotations

import gc
from pathlib import Path
from types import FrameType

import pytest

from bot.assistant.components import concepts
from bot.assistant.components.concepts import Concepts
from bot.assistant.components.intent_model import IntentModel
from bot.assistant.components.training_memory import once, training_memory
from bot.assistant.components.word_pieces import WordPieces

WORD = "".join(["zeppe", "linfritz"])
MESSAGES = [f"where is my {WORD}", f"我要退{WORD}款", f"mail {WORD}@example.com"]


def kept(word: str) -> list[str]:
    """Give every text in memory that holds a word, wherever it is kept."""
    gc.collect()
    held = [each for each in gc.get_objects() if not isinstance(each, FrameType) and each is not MESSAGES]
    held += [each for each in gc.get_referents(*held) if isinstance(each, dict | tuple) and not gc.is_tracked(each)]
    keys = [key for each in held if isinstance(each, dict) for key in list(each)]  # the collector leaves these out
    texts = [each for each in [*gc.get_referents(*held), *keys] if isinstance(each, str)]
    return [text for text in texts if word in text and text is not WORD]


class Memory:
    """Something that keeps texts."""

    def __init__(self) -> None:
        self.lengths: dict[str, int] = {}


MEMORY = Memory()


@pytest.fixture(scope="module")
def model() -> IntentModel:
    """A small model with all that reads texts."""
    texts = ["where is my order", "我的订单在哪里", "give me my money back", "我要退款"]
    lexicon = Concepts.read(Path(concepts.__file__).with_name("concepts.yml"))
    return IntentModel.fit(texts * 3, ["status", "status", "refund", "refund"] * 3, concepts=lexicon)


def test_nothing_of_a_message_stays_after_it_is_understood(model: IntentModel) -> None:
    for message in MESSAGES:
        assert model.understand(message).ranking
    assert kept(WORD) == []


def test_nothing_of_a_message_stays_after_it_is_cut_into_pieces() -> None:
    pieces = WordPieces(["[CLS]", "[SEP]", "[UNK]", "where"])
    assert len(pieces.numbers(f"where {WORD}", 10)) == 4
    assert kept(WORD) == []


def test_nothing_of_the_examples_stays_after_a_training() -> None:
    IntentModel.fit([f"where is the {WORD}", "hello there", "where is it", "hello you"], ["status", "greet"] * 2)
    assert kept(WORD) == []


def test_a_kept_text_would_be_found() -> None:
    MEMORY.lengths[f"where is my {WORD}"] = 1
    assert set(kept(WORD)) == set(MEMORY.lengths)
    MEMORY.lengths.clear()


def test_a_text_is_read_once_in_a_training_and_each_time_outside() -> None:
    seen: list[str] = []

    def read(text: str) -> int:
        seen.append(text)
        return len(text)

    with training_memory():
        assert [once(read, "where"), once(read, "where"), once(read, "is it")] == [5, 5, 5]
    assert seen == ["where", "is it"]
    assert [once(read, "where"), once(read, "where")] == [5, 5]
    assert seen == ["where", "is it", "where", "where"]
