"""Finds personal values in running text of both languages, with spaCy rules and no trained model.

A blank pipeline (https://spacy.io/usage/rule-based-matching) over tokens that are words of Latin letters or single Han
characters, so that an address written right behind Chinese text is a token of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.util import filter_spans
from spacy.vocab import Vocab

from crm_core.privacy.masking import mask_email, mask_phone

_TOKEN = re.compile(r"[㐀-鿿，。；：！？、（）]|[^\s㐀-鿿，。；：！？、（）]+|\s")
_FEWEST_DIGITS = 7  # a telephone number; shorter ones are prices, dates and sizes
_NUMBER_START = {"TEXT": {"REGEX": r"^\+?\(?\d[\d().\-/]*[,;:!?]?$"}}
_NUMBER_REST = {"TEXT": {"REGEX": r"^[\d().\-/]+[,;:!?]?$"}}
_DATE = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}")
_BLANK = {"IS_SPACE": True, "OP": "?"}
_EMAIL = {"TEXT": {"REGEX": r"^[<(\"']?[\w.+%'-]+@[\w-]+(\.[\w-]+)+"}}


def mask_personal_data(text: str) -> str:
    """Mask e-mail addresses and long numbers (phones, cards, accounts) in a text; the rest stays as it is."""
    if "@" not in text and sum(character.isdigit() for character in text) < _FEWEST_DIGITS:
        return text  # by far the most texts; the pipeline is not needed to see that
    parts, end = [], 0
    for start, stop, masked in _found(text):
        parts += [text[end:start], masked]
        end = stop
    return "".join([*parts, text[end:]])


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    """Give where each personal value stands, and what is shown instead."""
    pipeline, matcher = _pipeline()
    document = pipeline(text)
    for span in filter_spans(matcher(document, as_spans=True)):
        value = span.text
        if span.label_ == "EMAIL":
            bare = value.strip("<>()\"',;.")
            start = span.start_char + value.index(bare)
            yield start, start + len(bare), mask_email(bare)
        elif not _DATE.fullmatch(value.rstrip(",;:!?.")) and len(digits := re.sub(r"\D", "", value)) >= _FEWEST_DIGITS:
            yield span.start_char, span.end_char, mask_phone(digits)


class _MixedTokenizer:
    """Tokens of Latin words and of single Han characters; white space is a token, so that offsets hold."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        words = _TOKEN.findall(text)
        return Doc(self._vocab, words=words, spaces=[False] * len(words))


@cache
def _pipeline() -> tuple[Any, Matcher]:
    pipeline = spacy.blank("xx")
    pipeline.tokenizer = _MixedTokenizer(pipeline.vocab)
    matcher = Matcher(pipeline.vocab)
    matcher.add("EMAIL", [[_EMAIL]])
    groups = [[_NUMBER_START, *([_BLANK, _NUMBER_REST] * count)] for count in range(5)]
    matcher.add("NUMBER", groups, greedy="LONGEST")
    return pipeline, matcher
