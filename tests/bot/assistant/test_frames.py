"""Examples are also learnt with polite words around them."""

from __future__ import annotations

from bot.assistant.components.frames import framed

TEXTS = ["where is my order", "我的订单在哪", "hello"]
INTENTS = ["ask_order_status", "ask_order_status", "greet"]


def test_each_example_gets_words_of_its_own_language() -> None:
    texts, intents = framed(TEXTS, INTENTS, bare=["greet"])
    assert intents == ["ask_order_status", "ask_order_status"]
    assert "where is my order" in texts[0]
    assert texts[0] != TEXTS[0]
    assert "我的订单在哪" in texts[1]
    assert not any(letter in texts[1] for letter in "abcdefghijklmnopqrstuvwxyz")


def test_the_same_examples_get_the_same_frames() -> None:
    assert framed(TEXTS, INTENTS, []) == framed(TEXTS, INTENTS, [])
