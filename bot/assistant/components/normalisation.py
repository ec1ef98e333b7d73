"""One spelling for what people type in many: traditional characters, slang, pinyin letters, drawn-out words, emoji.

The words are in `abbreviations.yml`. Nothing here is learnt, and a text is spelt the same in training and in use.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from opencc import OpenCC

_FILE = Path(__file__).with_name("abbreviations.yml")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_DRAWN_OUT = re.compile(r"(?!www\.)([^\W\d]|[!?~。,、])\1{2,}")
_VARIANT = "[\ufe0f\U0001f3fb-\U0001f3ff]"  # skin tones, and the sign that asks for a picture
_LATIN_WORD = re.compile(r"(?<![\w@.'/-])[A-Za-z0-9][A-Za-z0-9'/]*(?![\w@'-]|\.\w)")  # no part of an address
_LETTERS = re.compile(r"(?<![A-Za-z0-9@.'/-])[A-Za-z0-9]{2,4}(?![A-Za-z0-9@.'/-])")
_SIGNS = " \t\n.,!?~。、;:…"


def plain(text: str) -> str:
    """Give a text in its plain spelling: NFKC, simplified characters, whole words for slang and for emoji.

    Pinyin letters (`tk` for 退款) are read only beside Han characters or where nothing else was written, so that
    English sentences keep their words.

    >>> plain("ＲＰ１００２３４ 怎麼還沒到？？？？")
    'RP100234 怎么还没到??'
    >>> plain("pls wheres my pkg soooo late")
    "please where's my package soo late"
    >>> plain("th多久能tk")
    '退货多久能退款'
    """
    words = _words()
    text = unicodedata.normalize("NFKC", text).replace("’", "'")
    chinese = bool(_HAN.search(text))
    text = words.pinyin(words.simplified(text) if chinese else text)
    text = words.latin(_DRAWN_OUT.sub(r"\1\1", text))
    return words.emoji(words.han(text) if chinese else text, "zh" if chinese else "en")


def simplified(text: str) -> str:
    """Give a text in simplified characters, each in its place; as it is where the two spellings differ in length."""
    if not _HAN.search(text):
        return text
    converted = _words().simplified(text)
    return converted if len(converted) == len(text) else text


class _Words:
    """The word lists as patterns.

    Args:
        lists: What `abbreviations.yml` holds.
    """

    def __init__(self, lists: dict[str, Any]) -> None:
        self._latin: dict[str, str] = lists["latin"]
        self._pinyin: dict[str, str] = lists["pinyin"]
        self._han: dict[str, str] = lists["han"]
        self._emoji = {sign: meaning for meaning in lists["emoji"] for sign in meaning["signs"]}
        self._han_word = re.compile(_any(self._han))
        self._sign = re.compile(f"({_any(self._emoji)}){_VARIANT}*")
        self._simplifier = OpenCC("t2s")

    def simplified(self, text: str) -> str:
        """Write traditional characters as simplified ones."""
        return str(self._simplifier.convert(text))

    def latin(self, text: str) -> str:
        """Write English chat words in full."""
        return _LATIN_WORD.sub(lambda found: self._latin.get(found.group().lower(), found.group()), text)

    def han(self, text: str) -> str:
        """Write Chinese chat words as they are usually written."""
        return self._han_word.sub(lambda found: self._han[found.group()], text)

    def pinyin(self, text: str) -> str:
        """Write Chinese words for the first letters of their pinyin."""
        alone = text.strip(_SIGNS).lower() in self._pinyin

        def written(found: re.Match[str]) -> str:
            meaning = self._pinyin.get(found.group().lower())
            beside = text[: found.start()].rstrip(" ")[-1:] + text[found.end() :].lstrip(" ")[:1]
            return meaning if meaning and (alone or _HAN.search(beside)) else found.group()

        return _LETTERS.sub(written, text)

    def emoji(self, text: str, language: str) -> str:
        """Write a word for every emoji that says something."""
        return self._sign.sub(lambda found: f" {self._emoji[found[1]][language]} ", text)


@cache
def _words() -> _Words:
    return _Words(yaml.safe_load(_FILE.read_text("utf-8")))


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
