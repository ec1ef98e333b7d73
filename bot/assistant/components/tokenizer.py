"""A tokenizer for texts that mix Latin words and Chinese: a word each, a Han character each, a value each."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.assistant.components.pieces import pieces

_BETWEEN = ("SPACE", "SIGN")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MixedScriptTokenizer(Tokenizer):  # type: ignore[misc]
    """Cut a text into Latin words, single Han characters, and values and emoji in one piece (see `pieces`).

    Chinese words are left to the classifier's character n-grams: segmenting them lowered accuracy on every set tried.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the settings every Rasa tokenizer has; ours adds none."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Return the tokens as they are written, with their offsets; a text of nothing but signs is one token."""
        text = message.get(attribute)
        tokens = [Token(text[start:end], start) for kind, start, end in pieces(text) if kind not in _BETWEEN]
        return tokens or [Token(text, 0)]
