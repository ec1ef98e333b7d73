"""Which language a text is in."""

from __future__ import annotations

import pytest

from crm_core.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my order", "en"),
        ("我的订单到哪了", "zh"),
        ("我要买 iPhone 手机壳", "zh"),
        ("please send it to 上海 instead of Beijing", "en"),
    ],
)
@pytest.mark.parametrize("default", ["en", "zh"])
def test_the_script_decides(text: str, language: str, default: str) -> None:
    assert detect_language(text, default) == language


@pytest.mark.parametrize(
    "text", ["RP100234", "ravi.jackson11@example.com", "https://shop.example.com/products/KI1005", "👍", "13800138000"]
)
@pytest.mark.parametrize("default", ["en", "zh"])
def test_what_has_no_words_keeps_the_language_of_the_conversation(text: str, default: str) -> None:
    assert detect_language(text, default) == default


def test_one_english_word_does_not_change_a_chinese_conversation() -> None:
    assert detect_language("OK", "zh") == "zh"
