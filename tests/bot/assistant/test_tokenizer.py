"""Mixed texts are cut into words, single Han characters, and values in one piece."""

from __future__ import annotations

import warnings
from itertools import pairwise
from pathlib import Path

import pytest
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.assistant.components.tokenizer import MixedScriptTokenizer

DATA = Path(__file__).parents[3] / "data"
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def tokenizer() -> MixedScriptTokenizer:
    return MixedScriptTokenizer(MixedScriptTokenizer.get_default_config())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where's my order?", ["Where's", "my", "order"]),
        ("订单RP100234到哪了", ["订", "单", "RP100234", "到", "哪", "了"]),
        ("iPhone手机壳, 2个", ["iPhone", "手", "机", "壳", "2", "个"]),
        ("write my_mail@example.com, ok", ["write", "my_mail@example.com", "ok"]),
        ("rp-100 is no order, RP-100234 is", ["rp", "100", "is", "no", "order", "RP-100234", "is"]),
        ("订单号ＲＰ１００２３４，谢谢", ["订", "单", "号", "ＲＰ１００２３４", "谢", "谢"]),
        ("看https://shop.example/p/1?a=b，好吗", ["看", "https://shop.example/p/1?a=b", "好", "吗"]),
        ("see www.shop.example.", ["see", "www.shop.example"]),
        ("it was $1,299.00, not 50 dollars", ["it", "was", "$1,299.00", "not", "50 dollars"]),
        ("花了300块钱，￥５０运费", ["花", "了", "300块钱", "￥５０", "运", "费"]),
        ("call +1 (555) 010-0199 now", ["call", "+1 (555) 010-0199", "now"]),
        ("我的电话13800138000", ["我", "的", "电", "话", "13800138000"]),
        ("on 2026-10-05 or 5.10", ["on", "2026-10-05", "or", "5.10"]),
        (f"👍🏽thanks{FAMILY}❤️🇨🇳", ["👍🏽", "thanks", FAMILY, "❤️", "🇨🇳"]),
        ("第1️⃣个", ["第", "1️⃣", "个"]),
        ("軟體問題", ["軟", "體", "問", "題"]),
        ("café naïve Ñandú", ["café", "naïve", "Ñandú"]),
    ],
)
def test_words_characters_and_values_are_tokens(tokenizer: MixedScriptTokenizer, text: str, words: list[str]) -> None:
    assert [token.text for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)] == words


@pytest.mark.parametrize("text", ["我的订单 RP100234，谢谢 👋", "ＡＢＣ　１２３ ok", f"{FAMILY}{FAMILY} $5\n\t50元"])
def test_offsets_point_into_the_text(tokenizer: MixedScriptTokenizer, text: str) -> None:
    tokens = tokenizer.tokenize(Message({TEXT: text}), TEXT)
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(before.end <= after.start for before, after in pairwise(tokens))


@pytest.mark.parametrize("text", ["?!", "…", "。"])
def test_a_text_of_signs_is_one_token(tokenizer: MixedScriptTokenizer, text: str) -> None:
    assert [token.text for token in tokenizer.tokenize(Message({TEXT: text}), TEXT)] == [text]


def test_every_marked_value_of_our_examples_begins_and_ends_with_a_token(tokenizer: MixedScriptTokenizer) -> None:
    """Rasa would only warn, and then learn from less than was written."""
    examples = TrainingData().merge(*(load_data(str(path)) for path in DATA.glob("*/nlu_*.yml")))
    assert len(examples.entity_examples) > 100
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        trained = tokenizer.process_training_data(examples)
        warnings.simplefilter("error")
        EntityExtractorMixin.check_correct_entity_annotations(trained)
