"""Both languages know the same sentences, with the same places in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def messages(text: str) -> dict[str, set[str]]:
    """Give each message of a Fluent file with the names of its places."""
    found: dict[str, set[str]] = {}
    name = ""
    for line in text.splitlines():
        if match := re.match(r"([a-zA-Z][\w-]*)\s*=", line):
            name = match[1]
            found[name] = set()
        if name:
            found[name] |= set(re.findall(r"\$([\w-]+)", line))
    return found


@pytest.mark.parametrize("folder", ["crm_core", "bot"])
def test_both_languages_have_the_same_files(folder: str) -> None:
    base = ROOT / folder / "locales"
    assert {path.name for path in (base / "en").glob("*.ftl")} == {path.name for path in (base / "zh").glob("*.ftl")}


@pytest.mark.parametrize("folder", ["crm_core", "bot"])
def test_both_languages_have_the_same_sentences(folder: str) -> None:
    base = ROOT / folder / "locales"
    for path in (base / "en").glob("*.ftl"):
        english, chinese = (messages((base / language / path.name).read_text("utf-8")) for language in ("en", "zh"))
        assert english.keys() == chinese.keys(), path.name
        assert {key: places for key, places in english.items() if places != chinese[key]} == {}, path.name
