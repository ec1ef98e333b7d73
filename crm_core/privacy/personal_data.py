"""Finds personal values in running text of both languages: the one place that decides what is masked.

A blank spaCy pipeline (https://spacy.io/usage/rule-based-matching) with rules and check digits and no trained model,
over tokens that are words of Latin letters, numbers or single Han characters. docs/privacy.md tells how well it does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.vocab import Vocab

from crm_core.privacy.addresses import find_addresses
from crm_core.privacy.masking import mask
from crm_core.privacy.names import find_names
from crm_core.privacy.numbers import find_numbers
from crm_core.privacy.words import any_of
from crm_core.records.personal_data import Found, Kind

_TOKEN = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’-][A-Za-zÀ-ÿ]+)*|\d+|\s+|.", re.DOTALL)
_FEWEST_DIGITS = 7  # a telephone number; shorter ones are prices, dates and sizes
_HALF = {0xFF01 + place: 0x21 + place for place in range(94)} | {0x3000: 0x20}  # full-width forms, one for one
_GROUP = "personal_data"
EVERY = frozenset(Kind)


def find_personal_data(text: str, kinds: Collection[Kind] = EVERY) -> list[Found]:
    """Give where personal values stand in a text, in order and without overlaps.

    Args:
        text: In English, Chinese or both.
        kinds: Which to give.
    """
    if not _may_hold_some(text):
        return []  # by far the most texts; the pipeline is not needed to see that
    document = _pipeline()(text)
    found = [Found(Kind(span.label_), span.start_char, span.end_char) for span in document.spans[_GROUP]]
    return [each for each in found if each.kind in kinds]


def mask_personal_data(text: str, kinds: Collection[Kind] = EVERY, shown: Callable[[Kind, str], str] = mask) -> str:
    """Mask the personal values in a text; the rest stays as it is.

    Args:
        text: In English, Chinese or both.
        kinds: Which to mask.
        shown: Gives what stands for a value.
    """
    parts, end = [], 0
    for found in find_personal_data(text, kinds):
        parts += [text[end : found.start], shown(found.kind, text[found.start : found.end])]
        end = found.end
    return "".join([*parts, text[end:]])


def _may_hold_some(text: str) -> bool:
    if "@" in text or "＠" in text or sum(character.isdigit() for character in text) >= _FEWEST_DIGITS:
        return True
    return _hint().search(text) is not None


@cache
def _hint() -> re.Pattern[str]:
    """Give what a text with a name or an address in it holds, too."""
    english = rf"\b(?:{any_of('titles_en')}|{any_of('hints_en')}|i[’']?m|i am|this is)\b"
    streets = rf"\d.*\b(?:{any_of('street_types_en')})\b"
    chinese = "|".join((any_of("titles_zh"), any_of("strong_introductions_zh"), any_of("weak_introductions_zh")))
    return re.compile(
        rf"{english}|{streets}|{chinese}|[路街道巷弄村里段苑区园寓]\s*[\d一二三四五六七八九十]", re.IGNORECASE
    )


class _MixedTokenizer:
    """Tokens of Latin words, of numbers and of single characters; white space is a token, so that offsets hold."""

    def __init__(self, vocab: Vocab) -> None:
        self._vocab = vocab

    def __call__(self, text: str) -> Doc:
        parts = _TOKEN.findall(text.translate(_HALF))
        return Doc(self._vocab, words=parts, spaces=[False] * len(parts))


def _mark(document: Doc) -> Doc:
    """Put what is found into the document's spans."""
    spans = [
        span
        for found in _first_ones(_candidates(document))
        if (span := document.char_span(found.start, found.end, found.kind.value, alignment_mode="expand"))
    ]
    document.spans[_GROUP] = spans
    return document


def _candidates(document: Doc) -> Iterator[Found]:
    yield from find_numbers(document.text)
    yield from find_addresses(document.text)
    yield from find_names(document)


def _first_ones(candidates: Iterator[Found]) -> list[Found]:
    """Leave out what overlaps with something that came before; give the rest in order of place."""
    kept: list[Found] = []
    for each in candidates:
        if all(each.end <= other.start or each.start >= other.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda found: found.start)


@cache
def _pipeline() -> Language:
    pipeline = spacy.blank("xx")
    pipeline.tokenizer = _MixedTokenizer(pipeline.vocab)
    Language.component("rapport_personal_data", func=_mark)
    pipeline.add_pipe("rapport_personal_data")
    return pipeline
