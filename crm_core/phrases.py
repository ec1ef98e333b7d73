"""Sentences for people, kept in Fluent files (projectfluent.org) beside the code that needs them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from crm_core.language import LANGUAGES, locale_of

Value = str | int | float | date | datetime
_KEPT = 4096


class Phrases:
    """The sentences of one folder: `<folder>/en/*.ftl` and `<folder>/zh/*.ftl`.

    Args:
        folder: The folder that holds one sub-folder per language.
    """

    def __init__(self, folder: Path) -> None:
        self._bundles: dict[str, FluentBundle] = {}
        # a page says the same sentences hundreds of times; those with words in their places may name a person: not kept
        self._with_numbers = lru_cache(_KEPT)(self._say_numbers)
        for language in LANGUAGES:
            bundle = FluentBundle([locale_of(language).replace("_", "-")], use_isolating=False)
            for path in sorted((folder / language).glob("*.ftl")):
                bundle.add_resource(FluentResource(path.read_text("utf-8")))
            self._bundles[language] = bundle

    def say(self, language: str, key: str, **values: Value) -> str:
        """Give one sentence in one language.

        Args:
            language: `"en"` or `"zh"`.
            key: The message's identifier in the Fluent files.
            values: What the sentence's `{ $name }` places hold.

        Raises:
            KeyError: No such sentence, or a value for one of its places is missing.
        """
        if all(isinstance(value, int | float) for value in values.values()):
            return self._with_numbers(language, key, *((name, type(each), each) for name, each in values.items()))
        return self._format(language, key, values)

    def _say_numbers(self, language: str, key: str, *values: tuple[str, type, int | float]) -> str:
        return self._format(language, key, {name: value for name, _, value in values})

    def _format(self, language: str, key: str, values: Mapping[str, Value]) -> str:
        bundle = self._bundles[language]
        message = bundle.get_message(key)
        if message.value is None:
            raise KeyError(f"{key} has no text in {language}")
        text, problems = bundle.format_pattern(message.value, values)
        if problems:
            raise KeyError(f"{key} in {language}: {problems[0]}")
        return str(text)

    def has(self, language: str, key: str) -> bool:
        """Tell whether there is such a sentence in a language."""
        return bool(self._bundles[language].has_message(key))

    def keys(self, language: str) -> set[str]:
        """Give every identifier known in one language (for checks that both languages have the same)."""
        return set(self._bundles[language]._messages)


crm_phrases = Phrases(Path(__file__).parent / "locales")
