"""Mixed texts are cut into words and single Han characters."""

from __future__ import annotations

import pytest
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.assistant.components.tokenizer import MixedScriptTokenizer


@pytest.fixture
def tokenizer() -> MixedScriptTokenizer:
    return MixedScriptTokenizer(MixedScriptTokenizer.get_default_config())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where's my order?", ["Where's", "my", "order"]),
        ("订单RP100234到哪了", ["订", "单", "RP100234", "到", "哪", "了"]),
        ("iPhone手机壳, 2个", ["iPhone", "手", "机", "壳", "2", "个"]),
        ("my_mail@example.com", ["my_mail", "example", "com"]),
    ],
)
def test_words_and_han_characters_are_tokens(tokenizer: MixedScriptTokenizer, text: str, words: list[str]) -> None:
    assert [token.text for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)] == words


def test_offsets_point_into_the_text(tokenizer: MixedScriptTokenizer) -> None:
    text = "我的订单 RP100234，谢谢 👋"
    for token in tokenizer.tokenize(Message({TEXT: text}), TEXT):
        assert text[token.start : token.end] == token.text


@pytest.mark.parametrize("text", ["👍", "?!", "…"])
def test_a_text_without_words_is_one_token(tokenizer: MixedScriptTokenizer, text: str) -> None:
    assert [token.text for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)] == [text]
